package main

import (
	"context"
	"errors"
	"io/fs"
	"strconv"
	"time"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// CreateSnapshot copies a volume's folder; the snapshot is ready when the call answers.
func (d *driver) CreateSnapshot(_ context.Context, req *csi.CreateSnapshotRequest) (*csi.CreateSnapshotResponse, error) {
	if req.Name == "" || req.SourceVolumeId == "" {
		return nil, status.Error(codes.InvalidArgument, "give a name and a source volume id")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	id := idOf("snapshot", req.Name)
	known, err := d.snapshots.load(id)
	if err == nil {
		if known.Volume != req.SourceVolumeId {
			return nil, status.Errorf(codes.AlreadyExists, "snapshot %q exists of another volume", req.Name)
		}
		return &csi.CreateSnapshotResponse{Snapshot: known.message()}, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	from, bytes, err := d.origin(source{Volume: req.SourceVolumeId})
	if err != nil {
		return nil, err
	}
	made := snapshot{ID: id, Volume: req.SourceVolumeId, Bytes: bytes, Made: time.Now()}
	if err := d.snapshots.add(id, made, from); err != nil {
		return nil, err
	}
	return &csi.CreateSnapshotResponse{Snapshot: made.message()}, nil
}

// DeleteSnapshot removes the copy; a snapshot that does not exist is deleted already.
func (d *driver) DeleteSnapshot(_ context.Context, req *csi.DeleteSnapshotRequest) (*csi.DeleteSnapshotResponse, error) {
	if req.SnapshotId == "" {
		return nil, status.Error(codes.InvalidArgument, "give a snapshot id")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.snapshots.load(req.SnapshotId); errors.Is(err, fs.ErrNotExist) {
		return &csi.DeleteSnapshotResponse{}, nil
	}
	return &csi.DeleteSnapshotResponse{}, d.snapshots.remove(req.SnapshotId)
}

// ListSnapshots lists in the order of ids; a page's token is the number of snapshots before it.
func (d *driver) ListSnapshots(_ context.Context, req *csi.ListSnapshotsRequest) (*csi.ListSnapshotsResponse, error) {
	d.mu.Lock()
	all, err := d.snapshots.all()
	d.mu.Unlock()
	if err != nil {
		return nil, err
	}
	var found []*csi.ListSnapshotsResponse_Entry
	for _, kept := range all {
		if (req.SnapshotId == "" || req.SnapshotId == kept.ID) &&
			(req.SourceVolumeId == "" || req.SourceVolumeId == kept.Volume) {
			found = append(found, &csi.ListSnapshotsResponse_Entry{Snapshot: kept.message()})
		}
	}
	first := 0
	if req.StartingToken != "" {
		first, err = strconv.Atoi(req.StartingToken)
		if err != nil || first < 0 || first > len(found) {
			return nil, status.Errorf(codes.Aborted, "token %q is not of this list: begin again without one", req.StartingToken)
		}
	}
	answer := &csi.ListSnapshotsResponse{Entries: found[first:]}
	if most := int(req.MaxEntries); most > 0 && most < len(answer.Entries) {
		answer.Entries = answer.Entries[:most]
		answer.NextToken = strconv.Itoa(first + most)
	}
	return answer, nil
}

// snapshot reads a snapshot; the error is NotFound when there is none.
func (d *driver) snapshot(id string) (snapshot, error) {
	kept, err := d.snapshots.load(id)
	if errors.Is(err, fs.ErrNotExist) {
		return kept, status.Errorf(codes.NotFound, "snapshot %q does not exist", id)
	}
	return kept, err
}

func (s snapshot) message() *csi.Snapshot {
	return &csi.Snapshot{
		SnapshotId:     s.ID,
		SourceVolumeId: s.Volume,
		SizeBytes:      s.Bytes,
		CreationTime:   timestamppb.New(s.Made),
		ReadyToUse:     true,
	}
}
