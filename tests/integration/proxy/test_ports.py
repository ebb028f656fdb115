"""The door `proxy/<port>/`: own programs answer, nobody else's, and do not learn who visits."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tornado.httpclient import HTTPClientError

from tests.support.product import Product, free_port
from tests.support.waiting import wait_for

from .port_programs import echoed, listening_beside, listening_in
from .session_process import TOKEN, SessionProcess, session

NOT_OURS = "No program of this session listens on port"
NO_PORT = "A port is a number from 1024 to 65535"
SECRETS = {"cookie", "authorization"}


@dataclass(frozen=True)
class OnHub:
    """A session of a real hub, behind its proxy."""

    url: str
    token: str
    product: Product

    def ask(self, path: str, token: str | None = None) -> tuple[int, str]:
        """Get an address below the session's; return status and text."""
        headers = {"Authorization": f"token {self.token if token is None else token}"}
        answer = self.product.client.get(self.url + path, headers=headers)
        return answer.status_code, answer.text


@pytest.fixture
def on_hub(product: Product) -> OnHub:
    """Give a running session of a new user."""
    user = product.new_user()
    path = product.running(user=user)["urls"]["lab"].removesuffix("lab")
    return OnHub(f"{product.url}{path}", product.token(user), product)


async def test_on_a_hub_own_programs_answer_by_http_and_websocket(
    on_hub: OnHub, tmp_path: Path
) -> None:
    async with listening_in(on_hub, tmp_path / "p.py", token=on_hub.token) as port:
        status, text = on_hub.ask(f"proxy/{port}/data?x=1")
        assert (status, json.loads(text)["uri"]) == (200, "/data?x=1")
        seen, answer = await echoed(on_hub, f"proxy/{port}/echo", b"\x00pong", token=on_hub.token)
        assert answer == b"\x00pong"
        assert not SECRETS & {name.lower() for name in seen}


async def test_on_a_hub_a_program_that_detached_itself_is_still_the_sessions(
    on_hub: OnHub, tmp_path: Path
) -> None:
    file = tmp_path / "p.py"
    async with listening_in(on_hub, file, token=on_hub.token, detached=True) as port:
        assert on_hub.ask(f"proxy/{port}/")[0] == 200


async def test_on_a_hub_neither_the_hub_nor_others_sessions_are_reached(
    on_hub: OnHub, product: Product, tmp_path: Path
) -> None:
    hub = product.hub_port
    other = product.new_user()
    path = product.running(user=other)["urls"]["lab"].removesuffix("lab")
    others = OnHub(f"{product.url}{path}", product.token(other), product)
    async with listening_in(others, tmp_path / "p.py", token=others.token) as port:
        assert others.ask(f"proxy/{port}/")[0] == 200
        for foreign in (hub, product.port, port):
            for prefix in ("proxy", "proxy/absolute"):
                status, text = on_hub.ask(f"{prefix}/{foreign}/hub/api")
                assert status == 403
                assert f"{NOT_OURS} {foreign}." in text
            with pytest.raises(HTTPClientError) as refused:
                await echoed(on_hub, f"proxy/{foreign}/echo", "x", token=on_hub.token)
            assert refused.value.code == 403


@pytest.fixture(scope="module")
def lonely(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionProcess]:
    """Give a session in a network of its own, as in a pod: as far as its environment says so."""
    with session(tmp_path_factory.mktemp("lonely"), {"SESSIONS_OWN_NETWORK": "1"}) as made:
        yield made


async def test_a_program_gets_neither_cookies_nor_credentials(
    plain: SessionProcess, tmp_path: Path
) -> None:
    async with listening_in(plain, tmp_path / "p.py") as port:
        for path, end in ((f"proxy/{port}/", "/"), (f"proxy/absolute/{port}/a", f"/{port}/a")):
            answer = plain.ask(path, headers={"Cookie": "own=1"}).json()
            assert not SECRETS & {name.lower() for name in answer["headers"]}
            assert answer["uri"].endswith(end)
        assert plain.ask(f"proxy/{port}/a", method="POST", body={}).json()["uri"] == "/a"
        seen, answered = await echoed(plain, f"proxy/{port}/echo", "pong", cookie="own=1")
        assert answered == "pong"
        assert not SECRETS & {name.lower() for name in seen}


async def test_a_token_in_the_address_signs_in_and_is_not_passed_on(
    plain: SessionProcess, tmp_path: Path
) -> None:
    async with listening_in(plain, tmp_path / "p.py") as port:
        by_address = plain.ask(f"proxy/{port}/a?x=1&token={TOKEN}&y", token=None)
        assert by_address.json()["uri"] == "/a?x=1&y"
        assert TOKEN not in by_address.text
        signed_in = {"Cookie": by_address.headers["Set-Cookie"].split(";")[0]}
        of_the_program = plain.ask(f"proxy/{port}/a?token=its-own", token=None, headers=signed_in)
        assert of_the_program.json()["uri"] == "/a?token=its-own"
        assert "Cookie" not in of_the_program.json()["headers"]


async def test_nobody_reaches_a_program_without_authentication(
    plain: SessionProcess, tmp_path: Path
) -> None:
    async with listening_in(plain, tmp_path / "p.py") as port:
        for token in (None, "a-wrong-one"):
            for path in (f"proxy/{port}/", f"proxy/absolute/{port}/", "proxy/localhost:80/"):
                assert plain.ask(path, token=token).status_code in {302, 403}
                assert plain.ask(path, token=token, method="POST").status_code == 403
            for path in (f"proxy/{port}/echo", f"proxy/absolute/{port}/echo"):
                with pytest.raises(HTTPClientError) as refused:
                    await echoed(plain, path, "x", token=token)
                assert refused.value.code == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::1", "::"])
async def test_whatever_a_program_listens_at_it_is_found(
    plain: SessionProcess, tmp_path: Path, host: str
) -> None:
    async with listening_in(plain, tmp_path / "p.py", host=host) as port:
        assert plain.ask(f"proxy/{port}/").json()["uri"] == "/"


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::1", "::"])
def test_a_program_beside_the_session_is_refused_in_a_sentence(
    plain: SessionProcess, host: str
) -> None:
    with listening_beside(host) as port:
        answer = plain.ask(f"proxy/{port}/")
    assert answer.status_code == 403
    assert f"{NOT_OURS} {port}." in answer.text
    assert answer.headers["Content-Type"].startswith("text/html")
    assert plain.ask(f"proxy/{port}/").text == answer.text, "nothing tells who listens elsewhere"


def takes(squatter: socket.socket, port: int) -> bool:
    """Try to listen on the port."""
    with contextlib.suppress(OSError):
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        return True
    return False


async def test_a_port_that_changes_hands_is_the_sessions_no_more(
    plain: SessionProcess, tmp_path: Path
) -> None:
    async with listening_in(plain, tmp_path / "p.py") as port:
        assert plain.ask(f"proxy/{port}/").status_code == 200
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        wait_for(lambda: takes(squatter, port), what="the port to be free")
        assert plain.ask(f"proxy/{port}/").status_code == 403
        squatter.setblocking(False)
        with pytest.raises(BlockingIOError):
            squatter.accept()


@pytest.mark.parametrize(
    "port",
    [
        *("", "0", "80", "1023", "65536", "99999", "08080", "+8080", "8080.0", "0x1F90", "%2b8080"),
        "８０８０",
        "localhost:8080",
        "127.0.0.1:8080",
        "[::1]:8080",
        "a@b:8080",
        "8080%0a",
        "absolute",
    ],
)
def test_what_is_no_port_is_refused(plain: SessionProcess, port: str) -> None:
    for path in (f"proxy/{port}/", f"proxy/absolute/{port}/x"):
        answer = plain.ask(path)
        assert answer.status_code == 403
        assert NO_PORT in answer.text


async def test_a_session_in_a_network_of_its_own_reaches_all_of_it(lonely: SessionProcess) -> None:
    with listening_beside() as port:
        answer = lonely.ask(f"proxy/{port}/")
        assert not SECRETS & {name.lower() for name in answer.json()["headers"]}
        assert (await echoed(lonely, f"proxy/{port}/echo", "pong"))[1] == "pong"
    assert lonely.ask("proxy/80/").status_code == 403
    assert lonely.ask(f"proxy/{free_port()}/").status_code >= 500
