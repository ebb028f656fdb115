"""Certificates and kubeconfigs of a cluster, made afresh for each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .place import NODE, Place

_LIFE: Final = timedelta(days=30)
_USES: Final = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)

# What each program is to the API server: its file, its name, its groups.
_CLIENTS: Final = (
    ("admin", "sessions-admin", ("system:masters",)),
    ("api-server-to-kubelet", "sessions-api-server", ("system:masters",)),
    ("controller-manager", "system:kube-controller-manager", ()),
    ("scheduler", "system:kube-scheduler", ()),
    ("kubelet", f"system:node:{NODE}", ("system:nodes",)),
    ("proxy", "system:kube-proxy", ()),
)


@dataclass(frozen=True)
class _Authority:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def make_certificates(place: Place) -> None:
    """Write all certificates into `certificates/` and a kubeconfig for each client."""
    folder = place.folder / "certificates"
    folder.mkdir(mode=0o700)
    authority = _make_authority(folder)
    for name, user, groups in _CLIENTS:
        _issue(folder, authority, name, user, groups)
        path = place.kubeconfig if name == "admin" else folder / f"{name}.kubeconfig"
        _write(path, _kubeconfig(place, folder, name))
    first_service = str(ip_address(place.service_range.partition("/")[0]) + 1)
    names = ("kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost")
    addresses = ("127.0.0.1", place.node_address, first_service)
    _issue(folder, authority, "api-server", "kube-apiserver", (), names, addresses)
    _issue(folder, authority, "kubelet-server", NODE, (), (NODE,), (place.node_address,))
    # Tokens of service accounts are signed with a key of another kind: RS256 is what all read.
    signer = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    _write(folder / "service-accounts.key", _as_pem(signer))


def _make_authority(folder: Path) -> _Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("sessions-cluster", ())
    certificate = (
        _unsigned(name, name, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(folder / "authority.crt", _as_text(certificate))
    return _Authority(key, certificate)


def _issue(
    folder: Path,
    authority: _Authority,
    file: str,
    user: str,
    groups: Sequence[str],
    names: Sequence[str] = (),
    addresses: Sequence[str] = (),
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _unsigned(_name(user, groups), authority.certificate.subject, key)
    builder = builder.add_extension(x509.ExtendedKeyUsage(_USES), critical=False)
    if names or addresses:
        known = [x509.DNSName(one) for one in names]
        known += [x509.IPAddress(ip_address(one)) for one in addresses]  # type: ignore[misc]
        builder = builder.add_extension(x509.SubjectAlternativeName(known), critical=False)
    certificate = builder.sign(authority.key, hashes.SHA256())
    _write(folder / f"{file}.crt", _as_text(certificate))
    _write(folder / f"{file}.key", _as_pem(key))


def _unsigned(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _LIFE)
    )


def _name(user: str, groups: Sequence[str]) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in groups]
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, user)])


def _kubeconfig(place: Place, folder: Path, client: str) -> str:
    cluster = {
        "server": place.api,
        "certificate-authority": str(folder / "authority.crt"),
    }
    user = {
        "client-certificate": str(folder / f"{client}.crt"),
        "client-key": str(folder / f"{client}.key"),
    }
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": place.name, "cluster": cluster}],
            "users": [{"name": client, "user": user}],
            "contexts": [{"name": place.name, "context": {"cluster": place.name, "user": client}}],
            "current-context": place.name,
        },
        indent=1,
    )


def _as_text(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _as_pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)
