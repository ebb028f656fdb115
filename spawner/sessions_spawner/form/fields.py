"""The form's fields, in their order and words: those of the Sessions page's own form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class FormField:
    """A field of the form; its template bears its key, which is the launch request's word.

    `help` is a sentence below it, `empty` what is said where nothing can be chosen.
    """

    key: str
    label: str
    is_advanced: bool = False
    help: str = ""
    empty: str = ""


# A test compares them with `create/` and `texts.ts` of the Sessions page.
FIELDS: Final = (
    FormField(
        "name", "Name (optional)", help="Without a name it gets one. It can be changed later."
    ),
    FormField(
        "environment",
        "Environment",
        empty="No environment is open to you. An administrator can add one.",
    ),
    FormField("resources", "Size", help="Empty is what the environment gives."),
    FormField("image", "Custom image URL", help="In place of the environment’s own image."),
    FormField(
        "idle_timeout",
        "Idle timeout",
        help="It stops when nobody used it for this long. Files on drives are kept.",
    ),
    FormField(
        "drive", "Drive", help="Your files. Lab, VS Code and the shell show the same folder."
    ),
    FormField(
        "extra_drives",
        "Extra drives",
        is_advanced=True,
        help="Each appears as a folder in your home.",
        empty="You have no other drive.",
    ),
    FormField(
        "cloud_sql",
        "Cloud SQL proxy",
        is_advanced=True,
        empty="No Cloud SQL instance is open to you.",
    ),
    FormField(
        "secrets",
        "Secrets",
        is_advanced=True,
        help="Names only: nobody sees their values here.",
        empty="No secrets are shared with you.",
    ),
    FormField(
        "service_account",
        "Service account",
        is_advanced=True,
        empty="No service account is open to you.",
    ),
    FormField(
        "billing_project",
        "Billing project",
        is_advanced=True,
        empty="No billing project is open to you.",
    ),
    FormField("ports", "Ports", is_advanced=True, help="Where a program of yours will listen."),
    FormField(
        "max_lifetime",
        "Longest life",
        is_advanced=True,
        help="It stops then whatever happens. Empty is no limit.",
    ),
    FormField(
        "env",
        "Variables",
        is_advanced=True,
        help="Visible to whoever may see this session; for passwords use Secrets.",
    ),
    FormField("pod_overrides", "YAML", is_advanced=True),
)
# Plain HTML cannot add rows, so the form has these.
DRIVE_ROWS: Final = 3
PORT_ROWS: Final = 4
LIFE_UNITS: Final = {"minutes": 60, "hours": 3600, "days": 86_400}
LIFE_UNIT: Final = "hours"
