package main

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"sync"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// driver answers CSI's identity, controller and node calls.
type driver struct {
	csi.UnimplementedIdentityServer
	csi.UnimplementedControllerServer
	csi.UnimplementedNodeServer

	name      string
	node      string
	volumes   shelf[volume]
	snapshots shelf[snapshot]

	// One call changes things at a time.
	mu sync.Mutex
}

func newDriver(s settings) (*driver, error) {
	d := &driver{name: s.name, node: s.node}
	var err error
	if d.volumes, err = newShelf[volume](filepath.Join(s.folder, "volumes")); err != nil {
		return nil, err
	}
	if d.snapshots, err = newShelf[snapshot](filepath.Join(s.folder, "snapshots")); err != nil {
		return nil, err
	}
	return d, nil
}

func (d *driver) ControllerGetCapabilities(
	context.Context, *csi.ControllerGetCapabilitiesRequest,
) (*csi.ControllerGetCapabilitiesResponse, error) {
	answer := &csi.ControllerGetCapabilitiesResponse{}
	for _, kind := range []csi.ControllerServiceCapability_RPC_Type{
		csi.ControllerServiceCapability_RPC_CREATE_DELETE_VOLUME,
		csi.ControllerServiceCapability_RPC_CREATE_DELETE_SNAPSHOT,
		csi.ControllerServiceCapability_RPC_LIST_SNAPSHOTS,
		csi.ControllerServiceCapability_RPC_CLONE_VOLUME,
		csi.ControllerServiceCapability_RPC_EXPAND_VOLUME,
		csi.ControllerServiceCapability_RPC_SINGLE_NODE_MULTI_WRITER,
	} {
		answer.Capabilities = append(answer.Capabilities, &csi.ControllerServiceCapability{
			Type: &csi.ControllerServiceCapability_Rpc{Rpc: &csi.ControllerServiceCapability_RPC{Type: kind}},
		})
	}
	return answer, nil
}

// CreateVolume makes a folder, empty or from a snapshot or another volume.
func (d *driver) CreateVolume(_ context.Context, req *csi.CreateVolumeRequest) (*csi.CreateVolumeResponse, error) {
	if err := d.checkCreate(req); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	wanted := volume{
		ID:         idOf("volume", req.Name),
		Source:     sourceOf(req.VolumeContentSource),
		Parameters: ownParameters(req.Parameters),
	}
	known, err := d.volumes.load(wanted.ID)
	if err == nil {
		if !fits(known, wanted, req.CapacityRange) {
			return nil, status.Errorf(codes.AlreadyExists, "volume %q exists with another size, source or parameters", req.Name)
		}
		return d.created(known), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if text := wanted.Parameters[failCreate]; text != "" {
		return nil, status.Error(codes.Internal, text)
	}
	from, least, err := d.origin(wanted.Source)
	if err != nil {
		return nil, err
	}
	if wanted.Bytes, err = size(req.CapacityRange, least); err != nil {
		return nil, err
	}
	if err := d.volumes.add(wanted.ID, wanted, from); err != nil {
		return nil, err
	}
	return d.created(wanted), nil
}

func (d *driver) topologyKey() string { return "topology." + d.name + "/node" }

func (d *driver) topology() *csi.Topology {
	return &csi.Topology{Segments: map[string]string{d.topologyKey(): d.node}}
}

// origin is the folder that a new volume is copied from, if any, and the bytes that it needs.
func (d *driver) origin(from source) (folder string, least int64, err error) {
	switch {
	case from.Snapshot != "":
		kept, err := d.snapshot(from.Snapshot)
		if err != nil {
			return "", 0, err
		}
		folder, err = d.snapshots.data(kept.ID)
		return folder, kept.Bytes, err
	case from.Volume != "":
		kept, err := d.volume(from.Volume)
		if err != nil {
			return "", 0, err
		}
		folder, err = d.volumes.data(kept.ID)
		return folder, kept.Bytes, err
	}
	return "", 0, nil
}

func (d *driver) created(v volume) *csi.CreateVolumeResponse {
	return &csi.CreateVolumeResponse{Volume: &csi.Volume{
		VolumeId:           v.ID,
		CapacityBytes:      v.Bytes,
		ContentSource:      v.Source.message(),
		AccessibleTopology: []*csi.Topology{d.topology()},
	}}
}

// DeleteVolume removes the folder; a volume that does not exist is deleted already.
func (d *driver) DeleteVolume(_ context.Context, req *csi.DeleteVolumeRequest) (*csi.DeleteVolumeResponse, error) {
	if req.VolumeId == "" {
		return nil, status.Error(codes.InvalidArgument, "give a volume id")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.volumes.load(req.VolumeId); errors.Is(err, fs.ErrNotExist) {
		return &csi.DeleteVolumeResponse{}, nil
	}
	folder, err := d.volumes.data(req.VolumeId)
	if err != nil {
		return nil, err
	}
	if err := unmount(folder); err != nil {
		return nil, err
	}
	return &csi.DeleteVolumeResponse{}, d.volumes.remove(req.VolumeId)
}

func (d *driver) ValidateVolumeCapabilities(
	_ context.Context, req *csi.ValidateVolumeCapabilitiesRequest,
) (*csi.ValidateVolumeCapabilitiesResponse, error) {
	if req.VolumeId == "" || len(req.VolumeCapabilities) == 0 {
		return nil, status.Error(codes.InvalidArgument, "give a volume id and capabilities")
	}
	if _, err := d.volume(req.VolumeId); err != nil {
		return nil, err
	}
	if err := checkCapabilities(req.VolumeCapabilities); err != nil {
		return &csi.ValidateVolumeCapabilitiesResponse{Message: status.Convert(err).Message()}, nil
	}
	return &csi.ValidateVolumeCapabilitiesResponse{
		Confirmed: &csi.ValidateVolumeCapabilitiesResponse_Confirmed{VolumeCapabilities: req.VolumeCapabilities},
	}, nil
}

// ControllerExpandVolume notes the new size; a folder has nothing to do on the node.
func (d *driver) ControllerExpandVolume(
	_ context.Context, req *csi.ControllerExpandVolumeRequest,
) (*csi.ControllerExpandVolumeResponse, error) {
	if req.VolumeId == "" || req.CapacityRange == nil {
		return nil, status.Error(codes.InvalidArgument, "give a volume id and a capacity range")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	kept, err := d.volume(req.VolumeId)
	if err != nil {
		return nil, err
	}
	if req.CapacityRange.RequiredBytes > kept.Bytes {
		if kept.Bytes, err = size(req.CapacityRange, kept.Bytes); err != nil {
			return nil, err
		}
		if err := d.volumes.save(kept.ID, kept); err != nil {
			return nil, err
		}
	}
	return &csi.ControllerExpandVolumeResponse{CapacityBytes: kept.Bytes}, nil
}

// volume reads a volume; the error is NotFound when there is none.
func (d *driver) volume(id string) (volume, error) {
	kept, err := d.volumes.load(id)
	if errors.Is(err, fs.ErrNotExist) {
		return kept, status.Errorf(codes.NotFound, "volume %q does not exist", id)
	}
	return kept, err
}
