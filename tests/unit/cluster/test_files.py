"""What a cluster is made from: addresses of its own, certificates, images."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import ssl
import tarfile
from pathlib import Path

import pytest
from cryptography import x509

from tools.cluster import place as places
from tools.cluster.certificates import make_certificates
from tools.cluster.images import write_image
from tools.cluster.place import Place, choose_place, find_place


def test_a_clusters_networks_are_apart_and_within_its_own(tmp_path: Path) -> None:
    place = Place(tmp_path, 140)
    whole = ipaddress.IPv4Network("10.140.0.0/16")
    pods, services = map(ipaddress.IPv4Network, (place.pod_range, place.service_range))
    ends = [ipaddress.ip_address(one) for one in (place.host_address, place.node_address)]
    assert not pods.overlaps(services)
    assert all(one.subnet_of(whole) for one in (pods, services))
    assert not any(one in pods or one in services for one in ends)
    assert ipaddress.ip_address(place.pod_gateway) in pods


def test_a_network_that_is_in_use_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use = ["10.131.4.0/24", "10.132.0.9", "172.16.0.0/12", "0.0.0.0/0"]
    monkeypatch.setattr(places, "_networks_in_use", lambda: in_use)
    assert choose_place(tmp_path).block == 133
    monkeypatch.setattr(places, "_networks_in_use", lambda: ["10.0.0.0/8"])
    with pytest.raises(RuntimeError, match="is in use"):
        choose_place(tmp_path)


def test_a_kept_place_is_found_again(tmp_path: Path) -> None:
    assert find_place(tmp_path) is None
    Place(tmp_path, 140).keep()
    assert find_place(tmp_path) == Place(tmp_path, 140)


def test_certificates_are_the_authoritys_and_close_to_others(tmp_path: Path) -> None:
    place = Place(tmp_path, 140)
    make_certificates(place)
    folder = tmp_path / "certificates"
    assert not any(file.stat().st_mode & 0o077 for file in (*folder.iterdir(), place.kubeconfig))
    authority = x509.load_pem_x509_certificate((folder / "authority.crt").read_bytes())
    for file in folder.glob("*.crt"):
        x509.load_pem_x509_certificate(file.read_bytes()).verify_directly_issued_by(authority)
    context = ssl.create_default_context(cafile=str(folder / "authority.crt"))
    for key in folder.glob("*.key"):
        if key.with_suffix(".crt").exists():
            context.load_cert_chain(key.with_suffix(".crt"), key)
    user = json.loads(place.kubeconfig.read_text())["users"][0]["user"]
    assert user["client-certificate"] == str(folder / "admin.crt")


def test_an_image_holds_its_files_under_their_digests(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_bytes(b"#!")
    archive = tmp_path / "image.tar"
    write_image(archive, "localhost/one:1", {"/bin/one": program}, ["/bin/one"])
    with tarfile.open(archive) as tar:
        blobs = {
            member.name: content.read()
            for member in tar
            if (content := tar.extractfile(member)) and member.name.startswith("blobs/")
        }
        found = tar.extractfile("index.json")
        assert found is not None
        index = json.loads(found.read())
    for name, blob in blobs.items():
        assert name == f"blobs/sha256/{hashlib.sha256(blob).hexdigest()}"
    (described,) = index["manifests"]
    assert described["annotations"] == {"io.containerd.image.name": "localhost/one:1"}
    manifest = json.loads(blobs[f"blobs/{described['digest'].replace(':', '/')}"])
    config = json.loads(blobs[f"blobs/{manifest['config']['digest'].replace(':', '/')}"])
    assert config["rootfs"]["diff_ids"] == [layer["digest"] for layer in manifest["layers"]]
    assert config["config"] == {"Entrypoint": ["/bin/one"]}
