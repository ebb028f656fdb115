package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc/codes"
)

// startWithMounts runs the driver where mounts are allowed, and skips the test elsewhere.
func startWithMounts(t *testing.T) client {
	t.Helper()
	folder := t.TempDir()
	if err := unix.Mount(folder, folder, "", unix.MS_BIND, ""); err != nil {
		t.Skipf("mounts need root: %v", err)
	}
	if err := unmount(folder); err != nil {
		t.Fatal(err)
	}
	return start(t)
}

// publish mounts a volume as the kubelet does, and takes the mount off at the test's end.
func (c client) publish(t *testing.T, volumeID, pod string, readOnly bool) string {
	t.Helper()
	target := filepath.Join(c.settings.kubeletRoot, "pods", pod, "mount")
	if _, err := c.NodePublishVolume(t.Context(), c.publication(volumeID, target, readOnly)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unmount(target) })
	return target
}

func (c client) publication(volumeID, target string, readOnly bool) *csi.NodePublishVolumeRequest {
	return &csi.NodePublishVolumeRequest{
		VolumeId: volumeID, TargetPath: target, VolumeCapability: mountable(), Readonly: readOnly,
	}
}

func (c client) unpublish(t *testing.T, volumeID, target string) {
	t.Helper()
	_, err := c.NodeUnpublishVolume(t.Context(), &csi.NodeUnpublishVolumeRequest{VolumeId: volumeID, TargetPath: target})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAPublishedVolumeIsMountedUntilUnpublishedHoweverOftenAsked(t *testing.T) {
	c := startWithMounts(t)
	made := c.create(t, request("a", gib))
	target := c.publish(t, made.VolumeId, "pod", false)
	c.publish(t, made.VolumeId, "pod", false)
	write(t, filepath.Join(target, "notes"), "kept")
	for range 2 {
		c.unpublish(t, made.VolumeId, target)
		if _, err := os.Stat(target); !os.IsNotExist(err) {
			t.Fatalf("the target is left: %v", err)
		}
	}
	wantFile(t, c.file(made.VolumeId, "notes"), "kept")
	wantFile(t, filepath.Join(c.publish(t, made.VolumeId, "next", false), "notes"), "kept")
}

func TestAReadOnlyMountRefusesWritesBesideAWritableOne(t *testing.T) {
	c := startWithMounts(t)
	made := c.create(t, request("a", gib))
	writable := c.publish(t, made.VolumeId, "writer", false)
	readOnly := c.publish(t, made.VolumeId, "reader", true)
	write(t, filepath.Join(writable, "notes"), "shared")
	wantFile(t, filepath.Join(readOnly, "notes"), "shared")
	if err := os.WriteFile(filepath.Join(readOnly, "notes"), nil, 0o644); !errors.Is(err, syscall.EROFS) {
		t.Errorf("got %v", err)
	}
}

func TestAVolumeForReadersIsMountedReadOnly(t *testing.T) {
	c := startWithMounts(t)
	made := c.create(t, request("a", gib))
	req := c.publication(made.VolumeId, filepath.Join(c.settings.kubeletRoot, "pods", "reader"), false)
	req.VolumeCapability.AccessMode.Mode = csi.VolumeCapability_AccessMode_MULTI_NODE_READER_ONLY
	if _, err := c.NodePublishVolume(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unmount(req.TargetPath) })
	if err := os.WriteFile(filepath.Join(req.TargetPath, "notes"), nil, 0o644); !errors.Is(err, syscall.EROFS) {
		t.Errorf("got %v", err)
	}
}

func TestATmpfsDriveIsFullAtItsSizeAndStaysSoForTheNextPod(t *testing.T) {
	for _, asked := range []string{"true", "1Mi"} {
		t.Run(asked, func(t *testing.T) {
			c := startWithMounts(t)
			bytes := int64(gib)
			if asked == "true" {
				bytes = 1 << 20
			}
			req := request("a", bytes)
			req.Parameters = map[string]string{"tmpfs": asked}
			made := c.create(t, req)
			t.Cleanup(func() { _ = unmount(c.file(made.VolumeId, "")) })
			target := c.publish(t, made.VolumeId, "pod", false)
			err := os.WriteFile(filepath.Join(target, "much"), make([]byte, 2<<20), 0o644)
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("got %v", err)
			}
			if err := os.Chmod(target, 0o2770); err != nil {
				t.Fatal(err)
			}
			mode := stat(t, target).Mode()
			c.unpublish(t, made.VolumeId, target)
			next := c.publish(t, made.VolumeId, "next", false)
			if err := os.WriteFile(filepath.Join(next, "more"), []byte("x"), 0o644); !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("got %v", err)
			}
			if found := stat(t, next); found.Mode() != mode {
				t.Errorf("got mode %v, want %v", found.Mode(), mode)
			}
			c.unpublish(t, made.VolumeId, next)
			if _, err := c.DeleteVolume(t.Context(), &csi.DeleteVolumeRequest{VolumeId: made.VolumeId}); err != nil {
				t.Fatal(err)
			}
			if entries, _ := os.ReadDir(filepath.Join(c.settings.folder, "volumes")); len(entries) != 0 {
				t.Errorf("left %v", entries)
			}
		})
	}
}

func TestAGrownTmpfsDriveHasRoomAtItsNextMount(t *testing.T) {
	c := startWithMounts(t)
	req := request("a", 1<<20)
	req.Parameters = map[string]string{"tmpfs": "true"}
	made := c.create(t, req)
	t.Cleanup(func() { _ = unmount(c.file(made.VolumeId, "")) })
	c.publish(t, made.VolumeId, "pod", false)
	_, err := c.ControllerExpandVolume(t.Context(), &csi.ControllerExpandVolumeRequest{
		VolumeId: made.VolumeId, CapacityRange: &csi.CapacityRange{RequiredBytes: 4 << 20},
	})
	if err != nil {
		t.Fatal(err)
	}
	target := c.publish(t, made.VolumeId, "next", false)
	if err := os.WriteFile(filepath.Join(target, "much"), make([]byte, 2<<20), 0o644); err != nil {
		t.Error(err)
	}
}

func TestTheKubeletLearnsHowMuchOfADriveIsUsed(t *testing.T) {
	c := startWithMounts(t)
	made := c.create(t, request("a", gib))
	target := c.publish(t, made.VolumeId, "pod", false)
	write(t, filepath.Join(target, "notes"), strings.Repeat("x", 1<<20))
	answer, err := c.NodeGetVolumeStats(t.Context(), &csi.NodeGetVolumeStatsRequest{
		VolumeId: made.VolumeId, VolumePath: target,
	})
	used := must(t, answer, err).Usage[0]
	if used.Total != gib || used.Used < 1<<20 || used.Used > 1<<20+1<<16 || used.Available != gib-used.Used {
		t.Errorf("got %v", used)
	}
	c.unpublish(t, made.VolumeId, target)
	_, err = c.NodeGetVolumeStats(t.Context(), &csi.NodeGetVolumeStatsRequest{
		VolumeId: made.VolumeId, VolumePath: target,
	})
	wantCode(t, err, codes.NotFound)
}

func TestUnpublishingNeverDeletesFiles(t *testing.T) {
	c := start(t)
	made := c.create(t, request("a", gib))
	target := t.TempDir()
	write(t, filepath.Join(target, "notes"), "somebody's")
	_, err := c.NodeUnpublishVolume(t.Context(), &csi.NodeUnpublishVolumeRequest{
		VolumeId: made.VolumeId, TargetPath: target,
	})
	wantCode(t, err, codes.Internal)
	wantFile(t, filepath.Join(target, "notes"), "somebody's")
}

func TestAClassCanMakeMountsFail(t *testing.T) {
	c := start(t)
	req := request("a", gib)
	req.Parameters = map[string]string{"failPublish": "the disk does not answer"}
	made := c.create(t, req)
	target := filepath.Join(c.settings.kubeletRoot, "pods", "pod")
	_, err := c.NodePublishVolume(t.Context(), c.publication(made.VolumeId, target, false))
	wantCode(t, err, codes.Internal)
	if !strings.Contains(err.Error(), "the disk does not answer") {
		t.Errorf("got %v", err)
	}
	c.unpublish(t, made.VolumeId, target)
}

func TestPublishingWithoutIdTargetOrUseIsInvalid(t *testing.T) {
	c := start(t)
	made := c.create(t, request("a", gib))
	noUse := c.publication(made.VolumeId, "/target", false)
	noUse.VolumeCapability = nil
	for _, req := range []*csi.NodePublishVolumeRequest{
		c.publication("", "/target", false), c.publication(made.VolumeId, "", false), noUse,
	} {
		_, err := c.NodePublishVolume(t.Context(), req)
		wantCode(t, err, codes.InvalidArgument)
	}
}
