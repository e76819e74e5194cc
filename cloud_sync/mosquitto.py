"""mosquitto as the broker of a larger site: the same users and the same rights as the supervised one."""

from __future__ import annotations

from pathlib import Path

from cloud_sync import broker_users
from cloud_sync.broker_users import CENTRE
from cloud_sync.config import Broker
from cloud_sync.contract import ROOT


def mosquitto_files(broker: Broker, folder: Path) -> dict[str, str]:
    """File name → text. Durable sessions are saved at every change: its own default loses up to half an hour."""
    tls = []
    if broker.certificate_file is not None:
        tls = [f"certfile {broker.certificate_file}", f"keyfile {broker.certificate_key_file}"]
    config = [
        f"listener {broker.port} {broker.host}",
        *tls,
        "allow_anonymous false",
        f"password_file {folder / 'storeroom.passwords'}",
        f"acl_file {folder / 'storeroom.acl'}",
        "use_username_as_clientid true",
        "persistence true",
        "autosave_on_changes true",
        "autosave_interval 1",
        "max_queued_messages 0",
        f"max_packet_size {512 * 1024}",
    ]
    users = broker_users.read(broker.users_file)
    access = [
        f"user {CENTRE}",
        f"topic write {ROOT}/+/down/#",
        f"topic read {ROOT}/+/up/#",
        f"topic read {ROOT}/+/state",
        "",
    ]
    for user in sorted(set(users) - {CENTRE}):
        access += [f"user {user}", f"topic write {ROOT}/{user}/up/#", f"topic write {ROOT}/{user}/state"]
        access += [f"topic read {ROOT}/{user}/down/#", ""]
    return {
        "storeroom.conf": "\n".join(config) + "\n",
        "storeroom.acl": "\n".join(access),
        "storeroom.passwords": "".join(f"{user}:{value}\n" for user, value in sorted(users.items())),
    }
