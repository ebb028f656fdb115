"""What a clone cannot take along."""

from __future__ import annotations

from sessions_service.sessions.actions import change_field
from sessions_service.sessions.leaving_out import left_out, retired
from sessions_spawner.request import parse_request, to_stored
from sessions_spawner.request.environments import Environment

REQUEST = parse_request(
    {
        "environment": "python",
        "secrets": [{"name": "s3"}, {"name": "db", "as": "files"}],
        "ports": [{"number": 8888}],
        "extra_drives": [{"drive": "old", "path": "old"}],
        "image": "registry.example.org/image",
    }
)


def test_of_a_list_only_what_is_refused_is_left_out_with_a_word() -> None:
    refused = {
        "secrets.0.name": "No secret called ‘s3’ is offered to you; choose one that is listed.",
        "extra_drives.0.drive": "You have no drive called ‘old’. Make it first.",
        "ports.0.number": "8888 is taken by the session itself. Choose another port.",
    }
    secret, drive, port = left_out(REQUEST, refused)
    assert secret["reason"] == "Secret ‘s3’ is no longer shared with you: left out."
    assert secret["now"] == [{"name": "db", "as": "files"}]
    assert (drive["reason"], drive["now"]) == ("Drive ‘old’ is gone: left out.", None)
    assert port["reason"] == f"Port 8888 is left out: {refused['ports.0.number']}"


def test_another_way_of_a_secret_that_is_not_offered_says_so() -> None:
    sentence = "This secret is offered as ‘env’."
    (change,) = left_out(REQUEST, {"secrets.1.as": sentence})
    assert change["reason"] == f"Secret ‘db’ is left out: {sentence}"
    assert change["now"] == [{"name": "s3"}]


def test_a_field_that_is_no_list_goes_as_a_whole() -> None:
    (change,) = left_out(REQUEST, {"image": "No images are allowed."})
    assert (change["field"], change["now"]) == ("image", None)
    assert change["reason"] == "No images are allowed."


def test_of_a_mapping_only_what_is_refused_is_left_out_and_no_value_is_said() -> None:
    asked = {"env": {"HOME": "canary", "MODE": "fast"}, "resources": {"cpu": "2", "gpu": 1}}
    request = parse_request({"environment": "python", **asked, "choices": {"size": "l"}})
    body = to_stored(request)
    changes = left_out(
        request,
        {
            "env.HOME": "This variable belongs to the session; use another name.",
            "resources.gpu": "No GPUs are offered here; leave it out.",
            "choices.speed": "This option has no default; say what to use.",
        },
    )
    for change in changes:
        change_field(body, change)
    assert (body["env"], body["resources"]) == ({"MODE": "fast"}, {"cpu": "2"})
    assert body["choices"] == {"size": "l"}
    assert "canary" not in str(changes)
    assert [one["reason"].partition(":")[0] for one in changes] == [
        "Variable ‘HOME’ is left out",
        "Size ‘gpu’ is left out",
        "This option has no default; say what to use.",
    ]


def test_a_retired_environment_takes_its_options_along() -> None:
    request = parse_request({"environment": "old", "choices": {"size": "l"}})
    body = to_stored(request)
    for change in retired(request, [Environment("python", "Python 3.12", is_default=True)]):
        change_field(body, change)
    assert body == {"version": 1, "environment": "python"}
    (change,) = retired(parse_request({"environment": "old"}), [])
    assert (change["now"], change["reason"]) == (None, "Environment ‘old’ is retired.")
