import { PAUSE } from './images/table';

export interface ContainerdPaths {
  /** Images and snapshots. */
  readonly root: string;
  readonly state: string;
  readonly socket: string;
  /** Folder with the configuration of the pod network. */
  readonly cni: string;
}

/** Configuration of Debian's containerd, for a machine without every privilege. */
export function containerdConfig({ root, state, socket, cni }: ContainerdPaths): string {
  return `version = 2
root = "${root}"
state = "${state}"
[grpc]
  address = "${socket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE}"
  # Without CAP_SYS_RESOURCE a process cannot be made less likely to be killed.
  restrict_oom_score_adj = true
  disable_apparmor = true
  disable_hugetlb_controller = true
  tolerate_missing_hugetlb_controller = true
  # Where they are found again when a run has died.
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${cni}"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
    SystemdCgroup = false
`;
}
