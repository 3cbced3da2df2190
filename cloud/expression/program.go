package expression

import (
	"errors"
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
)

// String is the text of the expression.
func (p *Program) String() string { return p.source }

// About is what the expression speaks of.
func (p *Program) About() Subject { return p.root.about }

// Test evaluates an expression that yields yes or no. O(length of the expression).
func (p *Program) Test(at *At) (bool, error) {
	x := point{At: at, p: p}
	yes := p.root.bool(&x)
	return yes, x.err
}

// Amount evaluates an expression that yields a number, and rounds it up to an integer. A
// number below 0, and one that does not fit in 64 bits, is an error.
func (p *Program) Amount(at *At) (int64, error) {
	x := point{At: at, p: p}
	n := p.root.num(&x)
	switch {
	case x.err != nil:
		return 0, x.err
	case n.sign() < 0:
		return 0, fmt.Errorf("expected a number of at least 0, found %s", n)
	}
	up := n.ceil()
	if up.big != nil {
		return 0, errors.New("the number does not fit in 64 bits")
	}
	return up.n, nil
}

// On is the program with all evaluated that speaks of nothing but the host: what is left
// to evaluate, for this host alone, is as little as can be.
func (p *Program) On(h cloud.HostID) *Program {
	out := *p
	out.root = p.root.settle(&point{At: &At{Host: h}, p: p}, Host)
	return &out
}

// OnEach is [Program.On] for every host. Hosts that the expression cannot tell apart
// share a program.
func (p *Program) OnEach() []*Program {
	c := p.hostClasses(Host)
	byClass := make([]*Program, c.len())
	for i, h := range c.first {
		byClass[i] = p.On(cloud.HostID(h))
	}
	out := make([]*Program, len(c.of))
	for h, class := range c.of {
		out[h] = byClass[class]
	}
	return out
}
