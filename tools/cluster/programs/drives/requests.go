package main

import (
	"maps"
	"regexp"
	"strings"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	defaultBytes = 1 << 30
	maximumBytes = 64 << 40

	// Parameters of a storage class. The first two hold the text of the failure to make.
	failCreate  = "failCreate"
	failPublish = "failPublish"
	// A drive that can be full: "true" for the volume's own size, or a size such as "8Mi".
	tmpfs = "tmpfs"
)

var tmpfsSize = regexp.MustCompile(`^(true|[1-9][0-9]*[KMG]i)$`)

func (d *driver) checkCreate(req *csi.CreateVolumeRequest) error {
	if req.Name == "" {
		return status.Error(codes.InvalidArgument, "give a name")
	}
	if err := checkCapabilities(req.VolumeCapabilities); err != nil {
		return err
	}
	own := ownParameters(req.Parameters)
	for name := range own {
		if name != failCreate && name != failPublish && name != tmpfs {
			return status.Errorf(codes.InvalidArgument, "parameter %q is none of failCreate, failPublish, tmpfs", name)
		}
	}
	if size, asked := own[tmpfs]; asked {
		if !tmpfsSize.MatchString(size) {
			return status.Errorf(codes.InvalidArgument, `parameter tmpfs %q must be "true" or a size such as "8Mi"`, size)
		}
		if req.VolumeContentSource != nil {
			return status.Error(codes.InvalidArgument, "a volume with parameter tmpfs starts empty: ask without a source")
		}
	}
	return d.checkTopology(req.AccessibilityRequirements)
}

// checkTopology refuses a volume that no node but another may use.
func (d *driver) checkTopology(asked *csi.TopologyRequirement) error {
	if len(asked.GetRequisite()) == 0 {
		return nil
	}
	for _, place := range asked.Requisite {
		if node, named := place.Segments[d.topologyKey()]; !named || node == d.node {
			return nil
		}
	}
	return status.Errorf(codes.ResourceExhausted, "volumes are on node %q alone", d.node)
}

// checkCapabilities allows every access mode: the one node serves all pods of a volume.
func checkCapabilities(asked []*csi.VolumeCapability) error {
	if len(asked) == 0 {
		return status.Error(codes.InvalidArgument, "give the volume's capabilities")
	}
	for _, capability := range asked {
		switch {
		case capability.GetBlock() != nil:
			return status.Error(codes.InvalidArgument, "volumes are file systems, not block devices")
		case capability.GetMount() == nil:
			return status.Error(codes.InvalidArgument, "say how the volume is used: mount")
		case capability.GetAccessMode().GetMode() == csi.VolumeCapability_AccessMode_UNKNOWN:
			return status.Error(codes.InvalidArgument, "give an access mode")
		}
	}
	return nil
}

// size chooses the bytes of a volume within what is asked, not below least.
func size(asked *csi.CapacityRange, least int64) (int64, error) {
	required, limit := asked.GetRequiredBytes(), asked.GetLimitBytes()
	chosen := required
	if required == 0 {
		chosen = max(least, defaultBytes)
		if limit > 0 {
			chosen = max(least, min(chosen, limit))
		}
	}
	switch {
	case required < 0 || limit < 0:
		return 0, status.Error(codes.OutOfRange, "a size is never negative")
	case limit > 0 && chosen > limit:
		return 0, status.Errorf(codes.OutOfRange, "%d bytes are above the limit of %d", chosen, limit)
	case chosen < least:
		return 0, status.Errorf(codes.OutOfRange, "%d bytes are fewer than the %d of the source", chosen, least)
	case chosen > maximumBytes:
		return 0, status.Errorf(codes.OutOfRange, "%d bytes are above the maximum of %d", chosen, int64(maximumBytes))
	}
	return chosen, nil
}

// fits says whether a volume that exists under the name is the one asked for.
func fits(known, wanted volume, asked *csi.CapacityRange) bool {
	required, limit := asked.GetRequiredBytes(), asked.GetLimitBytes()
	return known.Source == wanted.Source &&
		maps.Equal(known.Parameters, wanted.Parameters) &&
		known.Bytes >= required && (limit == 0 || known.Bytes <= limit)
}

// ownParameters leaves out what the provisioner adds: the claim's name and the like.
func ownParameters(given map[string]string) map[string]string {
	own := map[string]string{}
	for name, value := range given {
		if !strings.HasPrefix(name, "csi.storage.k8s.io/") {
			own[name] = value
		}
	}
	return own
}

func sourceOf(asked *csi.VolumeContentSource) source {
	return source{
		Snapshot: asked.GetSnapshot().GetSnapshotId(),
		Volume:   asked.GetVolume().GetVolumeId(),
	}
}

func (s source) message() *csi.VolumeContentSource {
	switch {
	case s.Snapshot != "":
		return &csi.VolumeContentSource{Type: &csi.VolumeContentSource_Snapshot{
			Snapshot: &csi.VolumeContentSource_SnapshotSource{SnapshotId: s.Snapshot},
		}}
	case s.Volume != "":
		return &csi.VolumeContentSource{Type: &csi.VolumeContentSource_Volume{
			Volume: &csi.VolumeContentSource_VolumeSource{VolumeId: s.Volume},
		}}
	}
	return nil
}
