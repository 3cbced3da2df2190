package btrplace

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// sayOffline: nobody is on the node in the end, and never if it is off from the beginning.
func (r *reader) sayOffline(_ string, c *wireConstraint) error {
	h := r.host[*c.Node]
	if r.offline[h] {
		r.close(h)
		return nil
	}
	l := r.rules.merge("max-vms 0", maxVMs(0))
	l.hosts = append(l.hosts, h)
	return nil
}

// close keeps all VMs off a host, always.
func (r *reader) close(h cloud.HostID) {
	l := r.rules.merge("max-vms 0 always", spec.Named("max-vms").With("max", "0"))
	l.hosts = append(l.hosts, h)
}

// sayOnline: a node that is off may be used.
func (r *reader) sayOnline(_ string, c *wireConstraint) error {
	r.online[r.host[*c.Node]] = true
	return nil
}

// closeOffline closes the nodes that are off, unless they shall be online or a fence sends a VM there.
func (r *reader) closeOffline() {
	for _, h := range r.aim {
		if h != cloud.Absent {
			r.online[h] = true
		}
	}
	closed, booted := 0, 0
	for h, off := range r.offline {
		switch {
		case !off:
		case r.online[h]:
			booted++
		default:
			r.close(cloud.HostID(h))
			closed++
		}
	}
	if closed > 0 {
		r.note("offline nodes: %d, which hold no VM", closed)
	}
	if booted > 0 {
		r.note("offline nodes that are to be used: %d, which have to be booted first", booted)
	}
}

func (r *reader) sayRunning(at string, c *wireConstraint) error {
	v := r.vm[*c.VM]
	if r.gone[v] {
		return fault(at, "an earlier constraint says that VM %d shall not run", *c.VM)
	}
	r.started[v] = r.in.Initial[v] == cloud.Absent
	return nil
}

// start aims VMs that shall run and do not yet at the node of a continuous fence. Those without any
// fence to one node wait for a target.
func (r *reader) start() {
	waiting := 0
	for v, starts := range r.started {
		if !starts || r.aim[v] != cloud.Absent {
			continue
		}
		if h, held := r.held[cloud.VMID(v)]; held {
			r.aim[v] = h
			continue
		}
		setLabel(&r.in.VMs[v].Labels, labelWaits, "yes")
		waiting++
	}
	if waiting > 0 {
		r.note("VMs that wait to be placed: %d", waiting)
	}
}

func (r *reader) sayGone(at string, c *wireConstraint) error {
	v := r.vm[*c.VM]
	if r.aim[v] != cloud.Absent {
		return fault(at, "an earlier fence keeps VM %d on node %d", *c.VM, r.nodes[r.aim[v]])
	}
	if r.started[v] {
		return fault(at, "an earlier constraint says that VM %d shall run", *c.VM)
	}
	r.gone[v] = true
	return nil
}
