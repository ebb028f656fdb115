package main

import (
	"slices"
	"testing"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

func TestASnapshotOutlivesItsVolumeAndARestartOfTheDriver(t *testing.T) {
	c := start(t)
	origin := c.create(t, request("origin", 2*gib))
	write(t, c.file(origin.VolumeId, "notes"), "kept")
	taken := c.snap(t, "s", origin.VolumeId)
	if !taken.ReadyToUse || taken.SizeBytes != 2*gib {
		t.Errorf("got %v", taken)
	}
	if _, err := c.DeleteVolume(t.Context(), &csi.DeleteVolumeRequest{VolumeId: origin.VolumeId}); err != nil {
		t.Fatal(err)
	}
	c.stop()
	c = startOn(t, c.settings)
	if again := c.snap(t, "s", origin.VolumeId); !proto.Equal(taken, again) {
		t.Errorf("got %v, then %v", taken, again)
	}
	req := request("restored", 2*gib)
	req.VolumeContentSource = fromSnapshot(taken.SnapshotId)
	wantFile(t, c.file(c.create(t, req).VolumeId, "notes"), "kept")
}

func TestASnapshotsNameInUseForAnotherVolumeIsRefused(t *testing.T) {
	c := start(t)
	c.snap(t, "s", c.create(t, request("a", gib)).VolumeId)
	_, err := c.CreateSnapshot(t.Context(), &csi.CreateSnapshotRequest{
		Name: "s", SourceVolumeId: c.create(t, request("b", gib)).VolumeId,
	})
	wantCode(t, err, codes.AlreadyExists)
}

func TestADeletedSnapshotIsListedNoMoreAndRestoresNothing(t *testing.T) {
	c := start(t)
	taken := c.snap(t, "s", c.create(t, request("a", gib)).VolumeId)
	for range 2 {
		if _, err := c.DeleteSnapshot(t.Context(), &csi.DeleteSnapshotRequest{SnapshotId: taken.SnapshotId}); err != nil {
			t.Fatal(err)
		}
	}
	found, err := c.ListSnapshots(t.Context(), &csi.ListSnapshotsRequest{SnapshotId: taken.SnapshotId})
	if len(must(t, found, err).Entries) != 0 {
		t.Errorf("got %v", found)
	}
	req := request("restored", gib)
	req.VolumeContentSource = fromSnapshot(taken.SnapshotId)
	_, err = c.CreateVolume(t.Context(), req)
	wantCode(t, err, codes.NotFound)
}

func TestSnapshotsAreListedWholeByPageAndByFilter(t *testing.T) {
	c := start(t)
	a, b := c.create(t, request("a", gib)), c.create(t, request("b", gib))
	var want []string
	for _, name := range []string{"1", "2", "3", "4"} {
		want = append(want, c.snap(t, name, a.VolumeId).SnapshotId)
	}
	other := c.snap(t, "5", b.VolumeId).SnapshotId
	list := func(req *csi.ListSnapshotsRequest) (ids []string, next string) {
		t.Helper()
		found, err := c.ListSnapshots(t.Context(), req)
		for _, entry := range must(t, found, err).Entries {
			if !entry.Snapshot.ReadyToUse {
				t.Errorf("%v is not ready", entry.Snapshot)
			}
			ids = append(ids, entry.Snapshot.SnapshotId)
		}
		return ids, found.NextToken
	}
	slices.Sort(want)
	if ids, _ := list(&csi.ListSnapshotsRequest{SourceVolumeId: a.VolumeId}); !slices.Equal(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
	if ids, _ := list(&csi.ListSnapshotsRequest{SnapshotId: other}); !slices.Equal(ids, []string{other}) {
		t.Errorf("got %v, want %v", ids, other)
	}
	want = append(want, other)
	slices.Sort(want)
	var paged []string
	for next := "0"; next != ""; {
		var page []string
		page, next = list(&csi.ListSnapshotsRequest{MaxEntries: 2, StartingToken: next})
		paged = append(paged, page...)
	}
	if !slices.Equal(paged, want) {
		t.Errorf("got %v, want %v", paged, want)
	}
	_, err := c.ListSnapshots(t.Context(), &csi.ListSnapshotsRequest{StartingToken: "6"})
	wantCode(t, err, codes.Aborted)
}
