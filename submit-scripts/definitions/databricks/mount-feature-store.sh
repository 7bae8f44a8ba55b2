#!/usr/bin/env bash
# Cluster init script: mounts the NFS share (EFS, Azure Files with NFS) that holds the warehouse, on every node.
set -euo pipefail

apt-get update -qq
apt-get install -y -qq --no-install-recommends nfs-common
mkdir -p /feature-store
mount -t nfs4 -o nfsvers=4.1,hard,timeo=600,retrans=2 feature-store.example.internal:/ /feature-store
