// Command drives is a CSI driver for tests: volumes and snapshots are folders of the one node that it serves.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	registerapi "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

// settings are what the command line says.
type settings struct {
	kubeletRoot string
	name        string
	node        string
	folder      string
	socket      string
}

// driverName is what CSI allows as a driver's name: it becomes part of paths and labels.
var driverName = regexp.MustCompile(`^[a-z0-9]([-.a-z0-9]{0,61}[a-z0-9])?$`)

func main() {
	settings, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
		defer stop()
		err = run(ctx, settings)
	}
	if err != nil {
		slog.Error("drives ended", "error", err)
		os.Exit(1)
	}
}

// parse reads the command line and fills in what follows from the rest.
func parse(args []string) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("drives", flag.ContinueOnError)
	flags.StringVar(&s.kubeletRoot, "kubelet-root", "/var/lib/kubelet", "the kubelet's root `folder`")
	flags.StringVar(&s.name, "name", "drives.sessions.test", "the driver's `name` in storage classes")
	flags.StringVar(&s.node, "node", "", "the `name` of this node (required)")
	flags.StringVar(&s.folder, "folder", "", "the `folder` that holds volumes and snapshots (required)")
	flags.StringVar(&s.socket, "socket", "", "the CSI socket's `path` (default KUBELET_ROOT/plugins/NAME/csi.sock)")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	switch {
	case s.node == "":
		return s, errors.New("give the node's name with --node")
	case s.folder == "":
		return s, errors.New("give the folder for volumes with --folder")
	case !driverName.MatchString(s.name):
		return s, fmt.Errorf("--name %q must be lower case letters, digits, dots and dashes, 63 at most", s.name)
	}
	if s.socket == "" {
		s.socket = filepath.Join(s.kubeletRoot, "plugins", s.name, "csi.sock")
	}
	for _, path := range []*string{&s.kubeletRoot, &s.folder, &s.socket} {
		absolute, err := filepath.Abs(*path)
		if err != nil {
			return s, err
		}
		*path = absolute
	}
	return s, nil
}

func run(ctx context.Context, s settings) error {
	p, err := open(s)
	if err != nil {
		return err
	}
	slog.Info("drives started", "name", s.name, "node", s.node, "folder", s.folder, "socket", s.socket)
	return p.serve(ctx)
}

// plugin is the driver with its two sockets: CSI's, and the one by which the kubelet finds it.
type plugin struct {
	servers   []*grpc.Server
	listeners []net.Listener
}

// open makes the folders and both sockets, the kubelet's last, since the kubelet calls CSI's at once.
func open(s settings) (*plugin, error) {
	d, err := newDriver(s)
	if err != nil {
		return nil, err
	}
	drives := grpc.NewServer(grpc.UnaryInterceptor(logged))
	csi.RegisterIdentityServer(drives, d)
	csi.RegisterControllerServer(drives, d)
	csi.RegisterNodeServer(drives, d)
	registrar := grpc.NewServer(grpc.UnaryInterceptor(logged))
	registerapi.RegisterRegistrationServer(registrar, registration{name: s.name, socket: s.socket})

	p := &plugin{servers: []*grpc.Server{drives, registrar}}
	for _, path := range []string{s.socket, registrationSocket(s)} {
		listener, err := listen(path)
		if err != nil {
			p.close()
			return nil, err
		}
		p.listeners = append(p.listeners, listener)
	}
	return p, nil
}

// serve answers until the context ends, then finishes the calls under way.
func (p *plugin) serve(ctx context.Context) error {
	serving, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var servers sync.WaitGroup
	for i, server := range p.servers {
		servers.Add(1)
		go func() {
			defer servers.Done()
			if err := server.Serve(p.listeners[i]); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
				cancel(err)
			}
		}()
	}
	<-serving.Done()
	for _, server := range p.servers {
		server.GracefulStop()
	}
	// Serve removes its socket.
	servers.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return context.Cause(serving)
}

func (p *plugin) close() {
	for _, listener := range p.listeners {
		_ = listener.Close()
	}
}

// listen makes a socket for root alone, in place of one that a killed driver left.
func listen(path string) (net.Listener, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	return listener, os.Chmod(path, 0o600)
}

// logged writes a line for a failed call, and gives a failure without a code the code Internal.
func logged(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	answer, err := handle(ctx, request)
	if err == nil {
		return answer, nil
	}
	if _, coded := status.FromError(err); !coded {
		err = status.Error(codes.Internal, err.Error())
	}
	slog.Warn("call failed", "method", info.FullMethod, "error", err)
	return nil, err
}
