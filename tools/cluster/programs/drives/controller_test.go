package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

func fromVolume(id string) *csi.VolumeContentSource { return source{Volume: id}.message() }

func fromSnapshot(id string) *csi.VolumeContentSource { return source{Snapshot: id}.message() }

func TestAVolumeIsAFolderOfTheAskedSizeOnThisNode(t *testing.T) {
	c := start(t)
	made := c.create(t, request("a", 3*gib))
	if made.CapacityBytes != 3*gib {
		t.Errorf("got %d bytes", made.CapacityBytes)
	}
	topology := made.AccessibleTopology[0].Segments
	if topology["topology.drives.sessions.test/node"] != "node1" {
		t.Errorf("got topology %v", topology)
	}
	if entries, err := os.ReadDir(c.file(made.VolumeId, "")); err != nil || len(entries) != 0 {
		t.Errorf("got %v, %v", entries, err)
	}
}

func TestAskingTwiceForAVolumeGivesTheSame(t *testing.T) {
	c := start(t)
	first := c.create(t, request("a", gib))
	write(t, c.file(first.VolumeId, "notes"), "kept")
	again := c.create(t, request("a", gib))
	if !proto.Equal(first, again) {
		t.Errorf("got %v, then %v", first, again)
	}
	wantFile(t, c.file(first.VolumeId, "notes"), "kept")
	if other := c.create(t, request("b", gib)); other.VolumeId == first.VolumeId {
		t.Error("another name has the same id")
	}
}

func TestANameInUseForAnotherSizeSourceOrClassIsRefused(t *testing.T) {
	c := start(t)
	origin := c.create(t, request("origin", gib))
	c.create(t, request("a", 2*gib))
	larger := request("a", 4*gib)
	smaller := request("a", gib)
	smaller.CapacityRange.LimitBytes = gib
	cloned := request("a", 2*gib)
	cloned.VolumeContentSource = fromVolume(origin.VolumeId)
	failing := request("a", 2*gib)
	failing.Parameters = map[string]string{"failPublish": "no"}
	for _, req := range []*csi.CreateVolumeRequest{larger, smaller, cloned, failing} {
		_, err := c.CreateVolume(t.Context(), req)
		wantCode(t, err, codes.AlreadyExists)
	}
}

func TestSizesOutOfRangeAreRefused(t *testing.T) {
	c := start(t)
	origin := c.create(t, request("origin", 2*gib))
	tooSmall := request("a", gib)
	tooSmall.VolumeContentSource = fromVolume(origin.VolumeId)
	aboveLimit := request("a", 2*gib)
	aboveLimit.CapacityRange.LimitBytes = gib
	for _, req := range []*csi.CreateVolumeRequest{
		request("a", maximumBytes+1), request("a", -1), aboveLimit, tooSmall,
	} {
		_, err := c.CreateVolume(t.Context(), req)
		wantCode(t, err, codes.OutOfRange)
	}
}

func TestAVolumeWithoutASizeIsAsLargeAsItsSourceOrOneGibibyte(t *testing.T) {
	c := start(t)
	origin := c.create(t, request("origin", 2*gib))
	copied := request("copied", 0)
	copied.VolumeContentSource = fromVolume(origin.VolumeId)
	limited := request("limited", 0)
	limited.CapacityRange.LimitBytes = gib / 2
	for _, one := range []struct {
		req  *csi.CreateVolumeRequest
		want int64
	}{{request("plain", 0), gib}, {copied, 2 * gib}, {limited, gib / 2}} {
		if made := c.create(t, one.req); made.CapacityBytes != one.want {
			t.Errorf("%s has %d bytes", one.req.Name, made.CapacityBytes)
		}
	}
}

func TestRequestsThatCannotBeMeantAreInvalid(t *testing.T) {
	c := start(t)
	origin := c.create(t, request("origin", gib))
	noName := request("", gib)
	noUse := request("a", gib)
	noUse.VolumeCapabilities = nil
	block := request("a", gib)
	block.VolumeCapabilities[0].AccessType = &csi.VolumeCapability_Block{Block: &csi.VolumeCapability_BlockVolume{}}
	noMode := request("a", gib)
	noMode.VolumeCapabilities[0].AccessMode = nil
	misspelt := request("a", gib)
	misspelt.Parameters = map[string]string{"failpublish": "no"}
	badSize := request("a", gib)
	badSize.Parameters = map[string]string{"tmpfs": "8Mi,mode=0777"}
	filledTmpfs := request("a", gib)
	filledTmpfs.Parameters = map[string]string{"tmpfs": "true"}
	filledTmpfs.VolumeContentSource = fromVolume(origin.VolumeId)
	for _, req := range []*csi.CreateVolumeRequest{noName, noUse, block, noMode, misspelt, badSize, filledTmpfs} {
		_, err := c.CreateVolume(t.Context(), req)
		wantCode(t, err, codes.InvalidArgument)
	}
}

func TestWhatTheProvisionerAddsToTheClassIsNoParameter(t *testing.T) {
	c := start(t)
	req := request("a", gib)
	req.Parameters = map[string]string{"csi.storage.k8s.io/pvc/name": "drive"}
	c.create(t, req)
	req.Parameters["csi.storage.k8s.io/pvc/name"] = "renamed"
	c.create(t, req)
}

func TestAVolumeForAnotherNodeAloneIsRefused(t *testing.T) {
	c := start(t)
	place := func(node string) *csi.Topology {
		return &csi.Topology{Segments: map[string]string{"topology.drives.sessions.test/node": node}}
	}
	req := request("a", gib)
	req.AccessibilityRequirements = &csi.TopologyRequirement{Requisite: []*csi.Topology{place("node2")}}
	_, err := c.CreateVolume(t.Context(), req)
	wantCode(t, err, codes.ResourceExhausted)
	req.AccessibilityRequirements.Requisite = append(req.AccessibilityRequirements.Requisite, place("node1"))
	c.create(t, req)
}

func TestAClassCanMakeProvisioningFail(t *testing.T) {
	c := start(t)
	req := request("a", gib)
	req.Parameters = map[string]string{"failCreate": "the storage array is on fire"}
	_, err := c.CreateVolume(t.Context(), req)
	wantCode(t, err, codes.Internal)
	if !strings.Contains(err.Error(), "the storage array is on fire") {
		t.Errorf("got %v", err)
	}
	if entries, _ := os.ReadDir(filepath.Join(c.settings.folder, "volumes")); len(entries) != 0 {
		t.Errorf("left %v", entries)
	}
}

func TestADeletedVolumeLeavesNothingAndMayBeDeletedAgain(t *testing.T) {
	c := start(t)
	made := c.create(t, request("a", gib))
	write(t, c.file(made.VolumeId, "notes"), "gone")
	for range 2 {
		if _, err := c.DeleteVolume(t.Context(), &csi.DeleteVolumeRequest{VolumeId: made.VolumeId}); err != nil {
			t.Fatal(err)
		}
	}
	if entries, err := os.ReadDir(filepath.Join(c.settings.folder, "volumes")); err != nil || len(entries) != 0 {
		t.Errorf("left %v, %v", entries, err)
	}
}

func TestAnIdLeadsNowhereElse(t *testing.T) {
	c := start(t)
	outside := filepath.Join(c.settings.folder, "outside")
	write(t, outside+".json", "{}")
	if err := os.Mkdir(outside, 0o700); err != nil {
		t.Fatal(err)
	}
	made := c.create(t, request("a", gib))
	for _, id := range []string{
		"../outside", outside, ".", "..", "{" + made.VolumeId + "}", "urn:uuid:" + made.VolumeId,
		strings.ToUpper(made.VolumeId), made.VolumeId + "/..", made.VolumeId + "\x00",
	} {
		if _, err := c.DeleteVolume(t.Context(), &csi.DeleteVolumeRequest{VolumeId: id}); err != nil {
			t.Errorf("%q: %v", id, err)
		}
		if _, err := c.DeleteSnapshot(t.Context(), &csi.DeleteSnapshotRequest{SnapshotId: id}); err != nil {
			t.Errorf("%q: %v", id, err)
		}
		_, err := c.CreateSnapshot(t.Context(), &csi.CreateSnapshotRequest{Name: "s", SourceVolumeId: id})
		wantCode(t, err, codes.NotFound)
		_, err = c.NodePublishVolume(t.Context(), &csi.NodePublishVolumeRequest{
			VolumeId: id, TargetPath: filepath.Join(c.settings.folder, "target"), VolumeCapability: mountable(),
		})
		wantCode(t, err, codes.NotFound)
		clone := request("clone", gib)
		clone.VolumeContentSource = fromSnapshot(id)
		_, err = c.CreateVolume(t.Context(), clone)
		wantCode(t, err, codes.NotFound)
	}
	wantFile(t, outside+".json", "{}")
	if _, err := os.Stat(c.file(made.VolumeId, "")); err != nil {
		t.Error(err)
	}
}

func TestACloneHasTheDataOfThatMoment(t *testing.T) {
	c := start(t)
	origin := c.create(t, request("origin", gib))
	write(t, c.file(origin.VolumeId, "notes"), "before")
	if err := os.Symlink("notes", c.file(origin.VolumeId, "link")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(c.file(origin.VolumeId, ""), 0o2770); err != nil {
		t.Fatal(err)
	}
	want := stat(t, c.file(origin.VolumeId, "")).Mode()
	req := request("clone", 2*gib)
	req.VolumeContentSource = fromVolume(origin.VolumeId)
	clone := c.create(t, req)
	write(t, c.file(origin.VolumeId, "notes"), "after")
	wantFile(t, c.file(clone.VolumeId, "notes"), "before")
	if to, err := os.Readlink(c.file(clone.VolumeId, "link")); to != "notes" {
		t.Errorf("got %q, %v", to, err)
	}
	if found := stat(t, c.file(clone.VolumeId, "")); found.Mode() != want {
		t.Errorf("got mode %v, want %v", found.Mode(), want)
	}
	if !proto.Equal(clone.ContentSource, req.VolumeContentSource) {
		t.Errorf("got source %v", clone.ContentSource)
	}
}

func TestAVolumeGrowsAndNeverShrinks(t *testing.T) {
	c := start(t)
	made := c.create(t, request("a", 2*gib))
	expand := func(bytes int64) (*csi.ControllerExpandVolumeResponse, error) {
		return c.ControllerExpandVolume(t.Context(), &csi.ControllerExpandVolumeRequest{
			VolumeId: made.VolumeId, CapacityRange: &csi.CapacityRange{RequiredBytes: bytes},
		})
	}
	for _, one := range []struct{ asked, want int64 }{{3 * gib, 3 * gib}, {gib, 3 * gib}, {3 * gib, 3 * gib}} {
		grown, err := expand(one.asked)
		if must(t, grown, err).CapacityBytes != one.want || grown.NodeExpansionRequired {
			t.Errorf("%d gave %v", one.asked, grown)
		}
	}
	_, err := expand(maximumBytes + 1)
	wantCode(t, err, codes.OutOfRange)
	c.stop()
	c = startOn(t, c.settings)
	if again := c.create(t, request("a", 2*gib)); again.CapacityBytes != 3*gib {
		t.Errorf("after a restart %d bytes", again.CapacityBytes)
	}
	made.VolumeId = idOf("volume", "nosuch")
	_, err = expand(gib)
	wantCode(t, err, codes.NotFound)
}

func TestAnInterruptedCopyIsMadeAnew(t *testing.T) {
	c := start(t)
	origin := c.create(t, request("origin", gib))
	write(t, c.file(origin.VolumeId, "notes"), "whole")
	id := idOf("volume", "clone")
	if err := os.Mkdir(c.file(id, ""), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, c.file(id, "half"), "")
	req := request("clone", gib)
	req.VolumeContentSource = fromVolume(origin.VolumeId)
	clone := c.create(t, req)
	wantFile(t, c.file(clone.VolumeId, "notes"), "whole")
	if _, err := os.Stat(c.file(clone.VolumeId, "half")); !os.IsNotExist(err) {
		t.Errorf("the interrupted copy's file is there: %v", err)
	}
}

func TestACopyThatFailsSaysWhyAndMakesNoVolume(t *testing.T) {
	c := start(t)
	origin := c.create(t, request("origin", gib))
	if err := os.Remove(c.file(origin.VolumeId, "")); err != nil {
		t.Fatal(err)
	}
	req := request("clone", gib)
	req.VolumeContentSource = fromVolume(origin.VolumeId)
	_, err := c.CreateVolume(t.Context(), req)
	wantCode(t, err, codes.Internal)
	if !strings.Contains(err.Error(), "No such file") {
		t.Errorf("got %v", err)
	}
	if err := os.Mkdir(c.file(origin.VolumeId, ""), 0o755); err != nil {
		t.Fatal(err)
	}
	c.create(t, req)
}

func TestAccessModesAreConfirmedAndBlockDevicesNot(t *testing.T) {
	c := start(t)
	made := c.create(t, request("a", gib))
	confirm := func(id string, use *csi.VolumeCapability) (*csi.ValidateVolumeCapabilitiesResponse, error) {
		return c.ValidateVolumeCapabilities(t.Context(), &csi.ValidateVolumeCapabilitiesRequest{
			VolumeId: id, VolumeCapabilities: []*csi.VolumeCapability{use},
		})
	}
	answer, err := confirm(made.VolumeId, mountable())
	if must(t, answer, err).Confirmed == nil {
		t.Errorf("got %v", answer)
	}
	block := mountable()
	block.AccessType = &csi.VolumeCapability_Block{Block: &csi.VolumeCapability_BlockVolume{}}
	answer, err = confirm(made.VolumeId, block)
	if must(t, answer, err).Confirmed != nil || answer.Message == "" {
		t.Errorf("got %v", answer)
	}
	_, err = confirm(idOf("volume", "nosuch"), mountable())
	wantCode(t, err, codes.NotFound)
}

func TestTheCapabilitiesAreThoseThatKubernetesNeeds(t *testing.T) {
	c := start(t)
	answer, err := c.ControllerGetCapabilities(t.Context(), &csi.ControllerGetCapabilitiesRequest{})
	var found []string
	for _, capability := range must(t, answer, err).Capabilities {
		found = append(found, capability.GetRpc().Type.String())
	}
	want := []string{
		"CREATE_DELETE_VOLUME", "CREATE_DELETE_SNAPSHOT", "LIST_SNAPSHOTS", "CLONE_VOLUME", "EXPAND_VOLUME",
		"SINGLE_NODE_MULTI_WRITER",
	}
	if !slices.Equal(found, want) {
		t.Errorf("got %v, want %v", found, want)
	}
	plugin, err := c.GetPluginCapabilities(t.Context(), &csi.GetPluginCapabilitiesRequest{})
	if kinds := must(t, plugin, err).Capabilities; len(kinds) != 3 ||
		kinds[1].GetService().Type != csi.PluginCapability_Service_VOLUME_ACCESSIBILITY_CONSTRAINTS ||
		kinds[2].GetVolumeExpansion().Type != csi.PluginCapability_VolumeExpansion_ONLINE {
		t.Errorf("got %v", kinds)
	}
	node, err := c.NodeGetInfo(t.Context(), &csi.NodeGetInfoRequest{})
	if must(t, node, err).NodeId != "node1" ||
		node.AccessibleTopology.Segments["topology.drives.sessions.test/node"] != "node1" {
		t.Errorf("got %v", node)
	}
}
