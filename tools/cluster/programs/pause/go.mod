// The first process of every pod's sandbox.
module jupyterhub-sessions/cluster/pause

go 1.24.0
