-- A label check's kept picture is shown by the secrecy of what was checked, so its event must be found by the picture.
CREATE INDEX event_by_look ON event (json_extract(CAST(body AS TEXT), '$.look')) WHERE action = 'label.checked';
