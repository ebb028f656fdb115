// The CSI driver of the test cluster: volumes and snapshots are folders.
module jupyterhub-sessions/cluster/drives

go 1.24.0

require (
	github.com/container-storage-interface/spec v1.12.0
	github.com/google/uuid v1.6.0
	golang.org/x/sys v0.31.0
	google.golang.org/grpc v1.72.1
	google.golang.org/protobuf v1.36.5
	k8s.io/kubelet v0.34.4
)

require (
	golang.org/x/net v0.38.0 // indirect
	golang.org/x/text v0.23.0 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20250303144028-a0af3efb3deb // indirect
)
