package lost

import "github.com/cloudrearrange/rearrange/cloud"

// Wishes lists what an instance says of targets that no foreign format says: the objective and the costs of moves.
func Wishes(in *cloud.Instance) []string {
	out := Objective(in.Objective)
	if len(in.MoveCosts) > 0 {
		out = append(out, "the costs of moves between hosts")
	}
	return out
}

// Numbers is the phrase for the numbers of hosts and VMs, if there are any.
func Numbers(in *cloud.Instance) []string {
	for h := range in.Hosts {
		if len(in.Hosts[h].Numbers) > 0 {
			return []string{"the numbers of hosts and VMs"}
		}
	}
	for v := range in.VMs {
		if len(in.VMs[v].Numbers) > 0 {
			return []string{"the numbers of hosts and VMs"}
		}
	}
	return nil
}

// Network is the phrase for the network, if the instance has any.
func Network(in *cloud.Instance) []string {
	if len(in.Switches) > 0 {
		return []string{"switches and which host is linked to which"}
	}
	return nil
}
