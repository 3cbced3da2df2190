package space

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Classes are found by keys; by definition they are what a comparison of each with each
// other says.
func TestClassesOfHostsAndVMsDifferFromTheirDefinition(t *testing.T) {
	vmClasses, hostClasses, ample := 0, 0, 0
	for seed := range uint64(2000) {
		rng := rand.New(rand.NewPCG(seed, 31))
		in := alike(rng)
		if seed%3 == 0 {
			in = pathtest.Random(rng)
		} else if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		p := pathtest.Problem(t, in, "ram")
		l := NewLayout(p)
		if _, stuck := l.Stuck(); stuck {
			continue
		}
		s := NewState(p, l)
		got := NewPruner(s, Pruning{Symmetry: true, Dominance: true})
		if got.ample == nil {
			continue // not applicable
		}
		r := s.resources
		class := make([]int, l.Len())
		for n, list := range got.vmClass {
			vmClasses++
			for _, i := range list {
				class[i] = n + 1
			}
		}
		for i := range class {
			for j := range i {
				same := got.goal[i] == got.goal[j] && s.uniform[i] == s.uniform[j] && slices.Equal(l.hosts[i], l.hosts[j]) &&
					slices.Equal(l.enter[i], l.enter[j]) && slices.Equal(s.demand[i*r:i*r+r], s.demand[j*r:j*r+r])
				if same != (class[i] > 0 && class[i] == class[j]) {
					t.Fatalf("seed %d: VMs %d and %d are interchangeable: %v, their classes are %d and %d", seed, i, j, same, class[i], class[j])
				}
			}
		}
		hosts := len(p.Instance.Hosts)
		of := got.hostClass
		if of == nil {
			of = slices.Repeat([]int32{-1}, hosts)
		}
		for a := range hosts {
			if got.ample[a] {
				ample++
			}
			if want := holdsAll(s, a); got.ample[a] != want {
				t.Fatalf("seed %d: host %d can hold all who may ever stand there: %v, found %v", seed, a, want, got.ample[a])
			}
			for b := range a {
				same := !slices.Contains(got.goal, cloud.HostID(a)) && !slices.Contains(got.goal, cloud.HostID(b)) &&
					slices.Equal(s.room[a*r:a*r+r], s.room[b*r:b*r+r]) && exchangeable(l, cloud.HostID(a), cloud.HostID(b))
				if same {
					hostClasses++
				}
				if same != (of[a] >= 0 && of[a] == of[b]) {
					t.Fatalf("seed %d: hosts %d and %d are interchangeable: %v, their classes are %d and %d", seed, a, b, same, of[a], of[b])
				}
			}
		}
	}
	if vmClasses < 50 || hostClasses < 50 || ample < 50 {
		t.Errorf("%d classes of VMs, %d pairs of hosts and %d ample hosts: the test has lost sight of one kind", vmClasses, hostClasses, ample)
	}
}

// holdsAll adds up who may ever stand on a host.
func holdsAll(s *State, h int) bool {
	for j := range s.resources {
		room := s.room[h*s.resources+j]
		for i := range s.Layout.vms {
			if slices.Contains(s.Layout.hosts[i], cloud.HostID(h)) {
				room -= s.Demand(i, j)
			}
		}
		if room < 0 {
			return false
		}
	}
	return true
}

// exchangeable tells whether two hosts may hold and receive the same VMs.
func exchangeable(l *Layout, a, b cloud.HostID) bool {
	for i := range l.vms {
		if slices.Contains(l.hosts[i], a) != slices.Contains(l.hosts[i], b) || slices.Contains(l.enter[i], a) != slices.Contains(l.enter[i], b) {
			return false
		}
	}
	return true
}
