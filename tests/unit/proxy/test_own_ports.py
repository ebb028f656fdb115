"""Which listeners are the session's own, and what of an address is read."""

from __future__ import annotations

import os
import socket
import sys
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_proxy.activity.processes import Process
from sessions_proxy.ports.handlers import NoDoor, read_port, without_token
from sessions_proxy.ports.listeners import (
    Listener,
    choose_host,
    find_descriptors,
    parse_table,
    read_listeners,
)
from sessions_proxy.ports.own import OwnPorts, find_tree

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
REST = "00000000:00000000 00:00000000 00000000     0        0"
TABLE = f"""{HEAD}
   0: 0100007F:1F90 00000000:0000 0A {REST} 4711 1 0000000000000000 100 0 0 10 0
   1: 00000000:1F91 00000000:0000 0A {REST} 4712 1 0000000000000000 100 0 0 10 0
   2: 0100007F:1F90 0100007F:D431 01 {REST} 4713 1 0000000000000000 20 4 30 10 -1
"""
TABLE_6 = f"""{HEAD}
   0: 00000000000000000000000001000000:1F90 {"0" * 32}:0000 0A {REST} 4714 1 0000000000000000
"""

little_endian = pytest.mark.skipif(sys.byteorder != "little", reason="the tables are of a PC")


def listener(address: str, inode: str) -> Listener:
    return Listener(ip_address(address), inode)


@little_endian
def test_listeners_of_a_port_are_read_and_connections_are_none() -> None:
    assert list(parse_table(TABLE, 8080)) == [listener("127.0.0.1", "4711")]
    assert list(parse_table(TABLE_6, 8080)) == [listener("::1", "4714")]
    assert list(parse_table(TABLE, 80)) == []


def test_a_listener_of_this_process_is_found_with_its_descriptor() -> None:
    with socket.create_server(("127.0.0.1", 0)) as own:
        [found] = read_listeners(own.getsockname()[1])
        assert found.address == ip_address("127.0.0.1")
        descriptors = find_descriptors([found.inode], [os.getpid()])
        assert descriptors[found.inode].is_open()
        assert find_descriptors([found.inode], []) == {}
    assert not descriptors[found.inode].is_open()


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("::1", "[::1]"),
        ("192.0.2.7", None),
        ("127.0.0.2", None),
    ],
)
def test_a_program_is_reached_where_it_listens(address: str, host: str | None) -> None:
    assert choose_host([listener(address, "1")], {"1"}) in {host, "127.0.0.1" if host else None}
    assert choose_host([listener(address, "1")], {"2"}) is None


def test_who_could_answer_in_its_place_closes_the_door() -> None:
    ours = listener("0.0.0.0", "1")
    assert choose_host([ours, listener("127.0.0.1", "2")], {"1"}) is None
    assert choose_host([ours, listener("::", "2")], {"1"}) is None
    assert choose_host([ours, listener("::1", "2")], {"1"}) == "127.0.0.1"
    assert choose_host([ours, listener("192.0.2.7", "2")], {"1"}) == "127.0.0.1"


def test_the_tree_is_all_below_the_server_or_below_its_keeper() -> None:
    def process(pid: int, parent: int) -> Process:
        return Process(pid, "x", parent, pid, pid, 0, 0)

    own = os.getpid()
    table = [(own, 900_001), (900_002, own), (900_003, 900_002), (900_004, 900_001)]
    processes = {pid: process(pid, parent) for pid, parent in [*table, (900_001, 1), (900_005, 1)]}
    assert find_tree(processes, {}) == {900_002, 900_003}
    assert find_tree(processes, {"SESSIONS_KEEPER": "900001"}) == {900_002, 900_003, 900_004}
    for stranger in ("900005", "900004", "-1", "", "x"):
        assert find_tree(processes, {"SESSIONS_KEEPER": stranger}) == {900_002, 900_003}


async def test_this_servers_own_port_is_no_port_of_its_programs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as own:
        port = own.getsockname()[1]
        assert await OwnPorts({}).find_host(port) is None
        assert await OwnPorts({"SESSIONS_OWN_NETWORK": "1"}).find_host(port) == "localhost"
        assert await OwnPorts({"SESSIONS_OWN_NETWORK": "yes"}).find_host(port) is None


@given(st.integers(1024, 65535))
def test_every_port_that_a_program_may_have_is_read(port: int) -> None:
    assert read_port(str(port)) == port


@given(st.one_of(st.text(), st.integers().map(str)))
def test_whatever_is_read_is_written_the_same_and_may_be_had(text: str) -> None:
    try:
        port = read_port(text)
    except NoDoor:
        return
    assert (str(port), 1024 <= port <= 65535) == (text, True)


@pytest.mark.parametrize(
    ("uri", "kept"),
    [
        ("http://h:1/a?token=t", "http://h:1/a"),
        ("http://h:1/a?x=1&token=t&y=%20&token=u", "http://h:1/a?x=1&y=%20"),
        ("http://h:1/a?%74oken=t&tokens=2", "http://h:1/a?tokens=2"),
        ("http://h:1/token?x", "http://h:1/token?x"),
        ("http://h:1/a", "http://h:1/a"),
    ],
)
def test_the_token_is_taken_out_of_an_address_and_nothing_else(uri: str, kept: str) -> None:
    assert without_token(uri) == kept
