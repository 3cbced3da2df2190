package cloud_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
)

// ledger is who stands where and who is under way, kept in the plainest way.
type ledger struct {
	place cloud.Placement
	way   []cloud.Change
}

func (l *ledger) on(h cloud.HostID) []cloud.VMID {
	var out []cloud.VMID
	for v, at := range l.place {
		arrives := slices.ContainsFunc(l.way, func(c cloud.Change) bool { return c.VM == cloud.VMID(v) && c.To == h })
		if at == h || arrives {
			out = append(out, cloud.VMID(v))
		}
	}
	return out
}

// check holds a state against the ledger, and its counts of groups against those of a fresh
// state of the placement.
func (l *ledger) check(t *rapid.T, in *cloud.Instance, s *cloud.State) {
	byVM := func(a, b cloud.Change) int { return int(a.VM - b.VM) }
	if !s.Placement().Equal(l.place) || !slices.Equal(slices.SortedFunc(slices.Values(s.UnderWay()), byVM), slices.SortedFunc(slices.Values(l.way), byVM)) {
		t.Fatalf("the state has %v and %v under way, expected %v and %v", s.Placement(), s.UnderWay(), l.place, l.way)
	}
	for h := range cloud.HostID(len(in.Hosts)) {
		want := l.on(h)
		if on := slices.Sorted(slices.Values(s.On(h))); !slices.Equal(on, want) {
			t.Fatalf("host %d holds %v, expected %v", h, on, want)
		}
		for r := range in.Resources {
			var sum int64
			for _, v := range want {
				sum += in.VMs[v].Demand[r]
			}
			if s.Used(h, r) != sum {
				t.Fatalf("host %d is charged %d of resource %d, expected %d", h, s.Used(h, r), r, sum)
			}
		}
	}
	fresh := cloud.NewState(in, nil, l.place)
	for _, by := range cloudtest.By(in) {
		a, b := s.Census(by), fresh.Census(by)
		for g := range in.Groups {
			for h := range cloud.HostID(len(in.Hosts)) {
				if d := a.Domain(h); a.Count(g, d) != b.Count(g, b.Domain(h)) || a.Places(g) != b.Places(g) || a.Present(g) != b.Present(g) {
					t.Fatalf("group %d by %s is not counted where its VMs come from", g, by)
				}
			}
		}
	}
}

func TestStateLosesThoseUnderWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Instance(t)
		bound := anyRules(t, in)
		s := cloud.NewState(in, bound, in.Initial)
		l := &ledger{place: in.Initial.Clone()}
		draw := func(t *rapid.T) (cloud.VMID, cloud.HostID) {
			return cloud.VMID(rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm")),
				cloud.HostID(rapid.IntRange(-1, len(in.Hosts)-1).Draw(t, "to"))
		}
		underWay := func(v cloud.VMID) bool {
			return slices.ContainsFunc(l.way, func(c cloud.Change) bool { return c.VM == v })
		}
		t.Repeat(map[string]func(*rapid.T){
			"begin": func(t *rapid.T) {
				v, to := draw(t)
				if underWay(v) || l.place[v] == to {
					t.Skip("it is there, or under way")
				}
				s.Begin(v, to)
				l.way = append(l.way, cloud.Change{VM: v, From: l.place[v], To: to})
			},
			"end": func(t *rapid.T) {
				if len(l.way) == 0 {
					t.Skip("none is under way")
				}
				i := rapid.IntRange(0, len(l.way)-1).Draw(t, "which")
				c := l.way[i]
				s.End(c.VM)
				l.place[c.VM] = c.To
				l.way = slices.Delete(l.way, i, i+1)
			},
			"jump": func(t *rapid.T) {
				v, to := draw(t)
				if underWay(v) {
					t.Skip("it is under way")
				}
				s.Jump(v, to)
				l.place[v] = to
			},
			"clone": func(t *rapid.T) { l.check(t, in, s.Clone()) },
			"":      func(t *rapid.T) { l.check(t, in, s) },
		})
	})
}

// A migration that begins and ends with nothing else under way is a move.
func TestBeginAndEndAreNotAMove(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Instance(t)
		bound := anyRules(t, in)
		s := cloud.NewState(in, bound, in.Initial)
		for range rapid.IntRange(0, 5).Draw(t, "moves") {
			v := cloud.VMID(rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm"))
			to := cloud.HostID(rapid.IntRange(-1, len(in.Hosts)-1).Draw(t, "to"))
			if s.HostOf(v) != to {
				s.Begin(v, to)
				s.End(v)
			}
		}
		sameState(t, in, bound, s)
	})
}

func TestUnderWayTwice(t *testing.T) {
	s := benchState(t)
	s.Begin(0, (s.HostOf(0)+1)%1000)
	for name, misuse := range map[string]func(){
		"it begins again": func() { s.Begin(0, (s.HostOf(0)+2)%1000) },
		"it goes nowhere": func() { s.Begin(1, s.HostOf(1)) },
		"it never began":  func() { s.End(1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s, and nothing is said", name)
				}
			}()
			misuse()
		}()
	}
}
