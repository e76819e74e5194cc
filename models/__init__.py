"""Networks that read text, as data: `manifest.toml` says what each file is, `MODEL_CARD.md` what it can do."""
