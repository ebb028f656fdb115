"""Images without a registry: written as OCI archives that containerd imports."""

from __future__ import annotations

import hashlib
import io
import json
import platform
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

_ARCHITECTURES: Final = {"x86_64": "amd64", "aarch64": "arm64"}
_OCI: Final = "application/vnd.oci.image"


def write_image(
    archive: Path,
    name: str,
    files: Mapping[str, Path],
    entrypoint: Sequence[str],
    *,
    user: str = "",
) -> None:
    """Write an image of one layer; `files` maps a path in it to a file or program outside."""
    base = {
        "config": {
            "architecture": _ARCHITECTURES[platform.machine()],
            "os": "linux",
            "config": {"Entrypoint": list(entrypoint), **({"User": user} if user else {})},
            "rootfs": {"type": "layers", "diff_ids": []},
        },
        "manifest": {"schemaVersion": 2, "mediaType": f"{_OCI}.manifest.v1+json", "layers": []},
    }
    write_layered(archive, name, base, make_layer(files))


def write_layered(archive: Path, name: str, base: Mapping[str, Any], layer: bytes) -> None:
    """Write an image of one more layer on a base, of which containerd has the other layers.

    `base` has the base's `manifest` and `config`, as `read_base` gives them.
    """
    settings = base["config"]
    rootfs = settings["rootfs"]
    grown = {**rootfs, "diff_ids": [*rootfs["diff_ids"], _digest(layer)]}
    # Its history would have to tell of each layer, and nothing reads it.
    kept = {key: value for key, value in settings.items() if key != "history"}
    config = _json({**kept, "rootfs": grown})
    described = _describe(layer, f"{_OCI}.layer.v1.tar")
    manifest = _json(
        {
            **base["manifest"],
            "config": _describe(config, f"{_OCI}.config.v1+json"),
            "layers": [*base["manifest"]["layers"], described],
        }
    )
    named = {"annotations": {"io.containerd.image.name": name}}
    index = {
        "schemaVersion": 2,
        "manifests": [{**_describe(manifest, f"{_OCI}.manifest.v1+json"), **named}],
    }
    with tarfile.open(archive, "w") as tar:
        _add(tar, "oci-layout", _json({"imageLayoutVersion": "1.0.0"}))
        _add(tar, "index.json", _json(index))
        for blob in (layer, config, manifest):
            _add(tar, _place_of(_digest(blob)), blob)


def read_base(archive: Path) -> dict[str, Any]:
    """Return the `manifest` and the `config` of the one image in an OCI archive."""
    with tarfile.open(archive) as tar:
        (described,) = _read(tar, "index.json")["manifests"]
        manifest = _read(tar, _place_of(described["digest"]))
        config = _read(tar, _place_of(manifest["config"]["digest"]))
    return {"manifest": manifest, "config": config}


def make_layer(files: Mapping[str, Path]) -> bytes:
    """Return a layer's archive, the same for the same files whenever it is made."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        for path, file in sorted(files.items()):
            mode = 0o755 if file.stat().st_mode & 0o111 else 0o644
            _add(tar, path.lstrip("/"), file.read_bytes(), mode)
    return layer.getvalue()


def _add(tar: tarfile.TarFile, name: str, content: bytes, mode: int = 0o644) -> None:
    """Add a file whose entry is the same whenever it is made."""
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    entry.mode = mode
    tar.addfile(entry, io.BytesIO(content))


def _read(tar: tarfile.TarFile, name: str) -> Any:
    found = tar.extractfile(name)
    if found is None:
        raise FileNotFoundError(name)
    return json.loads(found.read())


def _place_of(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"


def _describe(blob: bytes, kind: str) -> dict[str, Any]:
    return {"mediaType": kind, "digest": _digest(blob), "size": len(blob)}


def _digest(blob: bytes) -> str:
    return f"sha256:{hashlib.sha256(blob).hexdigest()}"


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
