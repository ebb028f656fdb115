"""Folders keep the contract of drives' storage; claims do so in `tests/cluster/drives`."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessions_spawner.storage.drives import Drives
from sessions_spawner.storage.folder_drives import FolderDrives
from tests.support.drive_contract import DrivesContract


class TestFolders(DrivesContract):
    """Drives of one machine."""

    @pytest.fixture
    def drives(self, tmp_path: Path) -> Drives:
        """Give drives below an empty folder."""
        (tmp_path / "drives").mkdir(mode=0o700)
        return FolderDrives(tmp_path / "drives")
