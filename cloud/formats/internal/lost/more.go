package lost

import "github.com/cloudrearrange/rearrange/cloud"

// Beyond lists what an instance holds that no foreign format says: the objective, the costs of moves, and numbers.
func Beyond(in *cloud.Instance) []string {
	out := Objective(in.Objective)
	if len(in.MoveCosts) > 0 {
		out = append(out, "the costs of moves between hosts")
	}
	for h := range in.Hosts {
		if len(in.Hosts[h].Numbers) > 0 {
			out = append(out, "the numbers of hosts")
			break
		}
	}
	for v := range in.VMs {
		if len(in.VMs[v].Numbers) > 0 {
			return append(out, "the numbers of VMs")
		}
	}
	return out
}
