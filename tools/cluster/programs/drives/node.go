package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func (d *driver) NodeGetInfo(context.Context, *csi.NodeGetInfoRequest) (*csi.NodeGetInfoResponse, error) {
	return &csi.NodeGetInfoResponse{NodeId: d.node, AccessibleTopology: d.topology()}, nil
}

func (d *driver) NodeGetCapabilities(
	context.Context, *csi.NodeGetCapabilitiesRequest,
) (*csi.NodeGetCapabilitiesResponse, error) {
	answer := &csi.NodeGetCapabilitiesResponse{}
	for _, kind := range []csi.NodeServiceCapability_RPC_Type{
		csi.NodeServiceCapability_RPC_GET_VOLUME_STATS,
		csi.NodeServiceCapability_RPC_SINGLE_NODE_MULTI_WRITER,
	} {
		answer.Capabilities = append(answer.Capabilities, &csi.NodeServiceCapability{
			Type: &csi.NodeServiceCapability_Rpc{Rpc: &csi.NodeServiceCapability_RPC{Type: kind}},
		})
	}
	return answer, nil
}

// NodePublishVolume mounts the volume's folder at the pod's path, which it makes.
func (d *driver) NodePublishVolume(
	_ context.Context, req *csi.NodePublishVolumeRequest,
) (*csi.NodePublishVolumeResponse, error) {
	if req.VolumeId == "" || req.TargetPath == "" {
		return nil, status.Error(codes.InvalidArgument, "give a volume id and a target path")
	}
	if err := checkCapabilities([]*csi.VolumeCapability{req.VolumeCapability}); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	kept, err := d.volume(req.VolumeId)
	if err != nil {
		return nil, err
	}
	if text := kept.Parameters[failPublish]; text != "" {
		return nil, status.Error(codes.Internal, text)
	}
	folder, err := d.volumes.data(kept.ID)
	if err != nil {
		return nil, err
	}
	if asked := kept.Parameters[tmpfs]; asked != "" {
		if err := mountMemory(folder, asked, kept.Bytes); err != nil {
			return nil, err
		}
	}
	return &csi.NodePublishVolumeResponse{}, bind(folder, req.TargetPath, isReadOnly(req))
}

// NodeUnpublishVolume unmounts the pod's path and removes it; one that is gone is unpublished already.
func (d *driver) NodeUnpublishVolume(
	_ context.Context, req *csi.NodeUnpublishVolumeRequest,
) (*csi.NodeUnpublishVolumeResponse, error) {
	if req.VolumeId == "" || req.TargetPath == "" {
		return nil, status.Error(codes.InvalidArgument, "give a volume id and a target path")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := unmount(req.TargetPath); err != nil {
		return nil, err
	}
	// Not RemoveAll: what is not empty still shows somebody's data.
	if err := os.Remove(req.TargetPath); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return &csi.NodeUnpublishVolumeResponse{}, nil
}

// NodeGetVolumeStats says how much the volume's files use of its size.
func (d *driver) NodeGetVolumeStats(
	_ context.Context, req *csi.NodeGetVolumeStatsRequest,
) (*csi.NodeGetVolumeStatsResponse, error) {
	if req.VolumeId == "" || req.VolumePath == "" {
		return nil, status.Error(codes.InvalidArgument, "give a volume id and a volume path")
	}
	kept, err := d.volume(req.VolumeId)
	if err != nil {
		return nil, err
	}
	if mounted, err := isMounted(req.VolumePath); err != nil {
		return nil, err
	} else if !mounted {
		return nil, status.Errorf(codes.NotFound, "volume %q is not mounted at %s", req.VolumeId, req.VolumePath)
	}
	bytes, inodes, err := usage(req.VolumePath)
	if err != nil {
		return nil, err
	}
	return &csi.NodeGetVolumeStatsResponse{Usage: []*csi.VolumeUsage{
		{Unit: csi.VolumeUsage_BYTES, Total: kept.Bytes, Used: bytes, Available: max(0, kept.Bytes-bytes)},
		{Unit: csi.VolumeUsage_INODES, Used: inodes},
	}}, nil
}

// usage counts the blocks and entries below a folder, past files that vanish meanwhile.
func usage(folder string) (bytes, inodes int64, err error) {
	err = filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		var found unix.Stat_t
		if err == nil {
			err = unix.Lstat(path, &found)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		inodes++
		bytes += found.Blocks * 512
		return err
	})
	return bytes, inodes, err
}

func isReadOnly(req *csi.NodePublishVolumeRequest) bool {
	switch req.VolumeCapability.AccessMode.Mode {
	case csi.VolumeCapability_AccessMode_SINGLE_NODE_READER_ONLY,
		csi.VolumeCapability_AccessMode_MULTI_NODE_READER_ONLY:
		return true
	}
	return req.Readonly
}

// bind mounts a folder at target; a target that is mounted already stays as it is.
func bind(folder, target string, readOnly bool) error {
	if err := os.MkdirAll(target, 0o750); err != nil {
		return err
	}
	if mounted, err := isMounted(target); err != nil || mounted {
		return err
	}
	if err := unix.Mount(folder, target, "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("mount of %s: %w", target, err)
	}
	if !readOnly {
		return nil
	}
	if err := unix.Mount("", target, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		return errors.Join(fmt.Errorf("read-only mount of %s: %w", target, err), unmount(target))
	}
	return nil
}

// mountMemory puts a tmpfs over a volume's folder, or gives the one there its size of now.
//
// It stays until the volume is deleted, so that the next pod finds the files, and a full drive is still full.
func mountMemory(folder, asked string, bytes int64) error {
	size := strconv.FormatInt(bytes, 10)
	if asked != "true" {
		size = strings.TrimSuffix(asked, "i")
	}
	mounted, err := isMounted(folder)
	if err != nil {
		return err
	}
	var flags uintptr
	if mounted {
		flags = unix.MS_REMOUNT
	}
	if err := unix.Mount("tmpfs", folder, "tmpfs", flags, "mode=0755,size="+size); err != nil {
		return fmt.Errorf("tmpfs of %s bytes at %s: %w", size, folder, err)
	}
	return nil
}

// unmount takes off every mount at path; a path without one, or that does not exist, stays as it is.
func unmount(path string) error {
	for {
		mounted, err := isMounted(path)
		if err != nil || !mounted {
			return err
		}
		if err := unix.Unmount(path, unix.UMOUNT_NOFOLLOW); err != nil {
			return fmt.Errorf("unmount of %s: %w", path, err)
		}
	}
}

// isMounted says whether path is the root of a mount, also of a bind mount (Linux 5.8 on).
func isMounted(path string) (bool, error) {
	var found unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, path, unix.AT_SYMLINK_NOFOLLOW, 0, &found)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return found.Attributes&unix.STATX_ATTR_MOUNT_ROOT != 0, err
}
