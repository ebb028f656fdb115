package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	registerapi "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

const gib = 1 << 30

// client calls a driver that runs in this process, over its real socket.
type client struct {
	csi.IdentityClient
	csi.ControllerClient
	csi.NodeClient
	settings settings
	stop     func()
}

// start runs the driver on a new folder.
func start(t *testing.T) client {
	t.Helper()
	// Not t.TempDir: a socket's path may have 107 characters only.
	folder, err := os.MkdirTemp("", "drives")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	s, err := parse([]string{"--kubelet-root", folder + "/kubelet", "--node", "node1", "--folder", folder + "/kept"})
	if err != nil {
		t.Fatal(err)
	}
	return startOn(t, s)
}

func startOn(t *testing.T, s settings) client {
	t.Helper()
	p, err := open(s)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.serve(ctx) }()
	connection := dial(t, s.socket)
	stopped := false
	stop := func() {
		if stopped {
			return
		}
		stopped = true
		_ = connection.Close()
		cancel(errors.New("terminated signal received"))
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(stop)
	return client{
		csi.NewIdentityClient(connection), csi.NewControllerClient(connection), csi.NewNodeClient(connection), s, stop,
	}
}

func dial(t *testing.T, socket string) *grpc.ClientConn {
	t.Helper()
	connection, err := grpc.NewClient("unix://"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return connection
}

func wantCode(t *testing.T, err error, code codes.Code) {
	t.Helper()
	if status.Code(err) != code {
		t.Fatalf("got %v, want code %v", err, code)
	}
}

func must[T any](t *testing.T, answer T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// mountable is how a pod uses a volume.
func mountable() *csi.VolumeCapability {
	return &csi.VolumeCapability{
		AccessType: &csi.VolumeCapability_Mount{Mount: &csi.VolumeCapability_MountVolume{}},
		AccessMode: &csi.VolumeCapability_AccessMode{Mode: csi.VolumeCapability_AccessMode_SINGLE_NODE_MULTI_WRITER},
	}
}

func request(name string, bytes int64) *csi.CreateVolumeRequest {
	return &csi.CreateVolumeRequest{
		Name:               name,
		CapacityRange:      &csi.CapacityRange{RequiredBytes: bytes},
		VolumeCapabilities: []*csi.VolumeCapability{mountable()},
	}
}

func (c client) create(t *testing.T, req *csi.CreateVolumeRequest) *csi.Volume {
	t.Helper()
	answer, err := c.CreateVolume(t.Context(), req)
	return must(t, answer, err).Volume
}

func (c client) snap(t *testing.T, name, volumeID string) *csi.Snapshot {
	t.Helper()
	answer, err := c.CreateSnapshot(t.Context(), &csi.CreateSnapshotRequest{Name: name, SourceVolumeId: volumeID})
	return must(t, answer, err).Snapshot
}

func (c client) probe(t *testing.T) {
	t.Helper()
	if _, err := c.Probe(t.Context(), &csi.ProbeRequest{}); err != nil {
		t.Fatal(err)
	}
}

// file is a path inside a volume's own folder.
func (c client) file(volumeID, name string) string {
	return filepath.Join(c.settings.folder, "volumes", volumeID, name)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func wantFile(t *testing.T, path, text string) {
	t.Helper()
	read, err := os.ReadFile(path)
	if err != nil || string(read) != text {
		t.Fatalf("%s holds %q (%v), want %q", path, read, err, text)
	}
}

func stat(t *testing.T, path string) os.FileInfo {
	t.Helper()
	found, err := os.Stat(path)
	return must(t, found, err)
}

func TestTheKubeletFindsTheDriverByItsRegistrationSocket(t *testing.T) {
	c := start(t)
	socket := filepath.Join(c.settings.kubeletRoot, "plugins_registry", "drives.sessions.test-reg.sock")
	found := registerapi.NewRegistrationClient(dial(t, socket))
	told, err := found.GetInfo(t.Context(), &registerapi.InfoRequest{})
	info := must(t, told, err)
	if info.Type != "CSIPlugin" || info.Name != "drives.sessions.test" || info.Endpoint != c.settings.socket {
		t.Fatalf("got %v", info)
	}
	identity := csi.NewIdentityClient(dial(t, info.Endpoint))
	named, err := identity.GetPluginInfo(t.Context(), &csi.GetPluginInfoRequest{})
	if must(t, named, err).Name != info.Name {
		t.Fatalf("got %v", named)
	}
}

func TestTheSocketsAreForRootAloneAndGoWithTheDriver(t *testing.T) {
	c := start(t)
	c.probe(t)
	for _, socket := range []string{c.settings.socket, registrationSocket(c.settings)} {
		found, err := os.Stat(socket)
		if must(t, found, err).Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", socket, found.Mode())
		}
	}
	c.stop()
	for _, socket := range []string{c.settings.socket, registrationSocket(c.settings)} {
		if _, err := os.Stat(socket); !os.IsNotExist(err) {
			t.Errorf("%s is left: %v", socket, err)
		}
	}
}

func TestADriverTakesThePlaceOfOneThatWasKilled(t *testing.T) {
	c := start(t)
	c.stop()
	write(t, c.settings.socket, "left by a killed driver")
	again := startOn(t, c.settings)
	again.probe(t)
}

func TestTheCommandLineMustNameNodeAndFolder(t *testing.T) {
	for _, args := range [][]string{
		{},
		{"--node", "node1"},
		{"--folder", "kept"},
		{"--node", "node1", "--folder", "kept", "--name", "../elsewhere"},
		{"--node", "node1", "--folder", "kept", "--name", ""},
	} {
		if s, err := parse(args); err == nil {
			t.Errorf("%v gave %+v", args, s)
		}
	}
}

func TestTheSocketLiesInTheKubeletsFolderUnlessNamed(t *testing.T) {
	s, err := parse([]string{"--kubelet-root", "/k", "--node", "n", "--folder", "/f", "--name", "a.b"})
	if must(t, s, err).socket != "/k/plugins/a.b/csi.sock" {
		t.Errorf("got %s", s.socket)
	}
	s, err = parse([]string{"--socket", "/s", "--node", "n", "--folder", "/f"})
	if must(t, s, err).socket != "/s" {
		t.Errorf("got %s", s.socket)
	}
}
