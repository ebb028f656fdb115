"""Images without a registry: layers on a base, the wheel as a layer, what clusters begin with."""

from __future__ import annotations

import io
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tools.cluster.images import make_layer, read_base, write_image, write_layered
from tools.cluster.seed import lay_out, write_whole
from tools.cluster.wheel_layer import make_wheel_layer

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def members(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


def entries(layer: bytes) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(layer)) as tar:
        return {member.name: member for member in tar}


def make_base(folder: Path) -> dict[str, Any]:
    """Return the base that an image of one file is."""
    (folder / "one").write_text("1")
    files = {"/one": folder / "one"}
    write_image(folder / "base.tar", "localhost/base:1", files, ["/one"], user="65532:65532")
    return read_base(folder / "base.tar")


def test_an_image_says_as_whom_it_runs_and_what_may_be_run(tmp_path: Path) -> None:
    assert make_base(tmp_path)["config"]["config"] == {
        "Entrypoint": ["/one"],
        "User": "65532:65532",
    }
    program = tmp_path / "program"
    program.touch(0o700)
    layer = entries(make_layer({"/one": tmp_path / "one", "/program": program}))
    assert {name: entry.mode for name, entry in layer.items()} == {"one": 0o644, "program": 0o755}


def test_a_layer_on_a_base_is_alone_in_its_archive_and_last_in_its_image(tmp_path: Path) -> None:
    base = make_base(tmp_path)
    layer = make_layer({"/two": tmp_path / "one"})
    write_layered(tmp_path / "more.tar", "localhost/more:1", base, layer)
    found = read_base(tmp_path / "more.tar")
    below, own = found["manifest"]["layers"]
    assert [below] == base["manifest"]["layers"]
    blobs = {name for name in members(tmp_path / "more.tar") if name.startswith("blobs/")}
    assert f"blobs/{own['digest'].replace(':', '/')}" in blobs
    assert f"blobs/{below['digest'].replace(':', '/')}" not in blobs
    assert found["config"]["rootfs"]["diff_ids"] == [below["digest"], own["digest"]]
    assert found["config"]["config"] == base["config"]["config"]


def test_a_bases_history_is_left_out_for_it_would_miss_the_layer(tmp_path: Path) -> None:
    base = make_base(tmp_path)
    base["config"]["history"] = [{"created_by": "somebody"}]
    write_layered(tmp_path / "more.tar", "localhost/more:1", base, make_layer({}))
    assert "history" not in read_base(tmp_path / "more.tar")["config"]


def make_wheel(folder: Path) -> Path:
    """Return a wheel with a module, a program and a file that belongs beside the packages."""
    wheel = folder / "small-1-py3-none-any.whl"
    texts = {
        "small/__init__.py": "def main() -> None: ...\n",
        "small-1.data/data/etc/small.json": "{}",
        "small-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: small\nVersion: 1\n",
        "small-1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "small-1.dist-info/entry_points.txt": "[console_scripts]\nsmall = small:main\n",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
        archive.writestr("small-1.dist-info/RECORD", "".join(f"{name},,\n" for name in texts))
    return wheel


def test_a_wheels_layer_is_what_pip_would_have_installed_in_the_image(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path)
    layer = make_wheel_layer(wheel, HERE)
    packages = f"opt/session/lib/python{HERE}/site-packages"
    compiled = f"__init__.cpython-{HERE.replace('.', '')}.pyc"
    found = entries(layer)
    assert {
        "opt/session/bin/small",
        "opt/session/etc/small.json",
        f"{packages}/small/__init__.py",
        f"{packages}/small/__pycache__/{compiled}",
        f"{packages}/small-1.dist-info/entry_points.txt",
    } <= set(found)
    assert found["opt/session/bin/small"].mode == 0o755
    assert b"#!/opt/session/bin/python\n" in layer
    assert make_wheel_layer(wheel, HERE) == layer


def test_a_wheels_layer_for_another_python_is_not_compiled(tmp_path: Path) -> None:
    found = entries(make_wheel_layer(make_wheel(tmp_path), "3.99"))
    assert "opt/session/lib/python3.99/site-packages/small/__init__.py" in found
    assert not any(name.endswith(".pyc") for name in found)


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """Give what containerd keeps of one blob and one layer."""
    kept = {
        "io.containerd.metadata.v1.bolt/meta.db": "images",
        "io.containerd.content.v1.content/blobs/sha256/abc": "blob",
        "io.containerd.snapshotter.v1.overlayfs/metadata.db": "layers",
        "io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs/file": "unpacked",
    }
    for name, text in kept.items():
        path = tmp_path / "seed" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "seed"


def texts(folder: Path) -> dict[str, str]:
    """Return the files of a folder, those of its links to folders too."""
    found = folder.glob("**/*")
    below = folder.glob("io.containerd.snapshotter.v1.overlayfs/snapshots/*/fs/*")
    files = {path for path in (*found, *below) if path.is_file()}
    return {str(path.relative_to(folder)): path.read_text() for path in files}


def test_what_a_cluster_begins_with_can_be_changed_and_removed_without_harm_to_the_seed(
    seed: Path, tmp_path: Path
) -> None:
    before = texts(seed)
    root = tmp_path / "root"
    lay_out(seed, root)
    assert texts(root) == before
    (root / "io.containerd.metadata.v1.bolt/meta.db").write_text("more images")
    (root / "io.containerd.snapshotter.v1.overlayfs/snapshots/1").unlink()
    shutil.rmtree(root)
    assert texts(seed) == before


def test_layers_that_a_seed_has_are_not_copied(seed: Path, tmp_path: Path) -> None:
    lay_out(seed, tmp_path / "root")
    blob = "io.containerd.content.v1.content/blobs/sha256/abc"
    assert (tmp_path / "root" / blob).samefile(seed / blob)
    layer = "io.containerd.snapshotter.v1.overlayfs/snapshots/1"
    assert (tmp_path / "root" / layer).resolve() == seed / layer


def test_a_cluster_without_the_seed_gets_the_image_whole(seed: Path, tmp_path: Path) -> None:
    write_layered(tmp_path / "thin.tar", "localhost/more:1", make_base(tmp_path), make_layer({}))
    write_whole(tmp_path / "thin.tar", seed, tmp_path / "whole.tar")
    below = {"blobs/sha256/abc": b"blob"}
    assert members(tmp_path / "whole.tar") == {**members(tmp_path / "thin.tar"), **below}
