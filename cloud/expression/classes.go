package expression

import (
	"encoding/binary"
	"fmt"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
)

// MaxCombinations bounds how many combinations of classes an expression is evaluated
// for, and so the time that binding takes (about a second for each ten million) and
// memory (8 bytes for each amount).
const MaxCombinations = 20_000_000

// classes divides VMs or hosts into those that an expression cannot tell apart.
type classes struct {
	of []int32 // by VM or host
	// first and second are by class: its first two members, second -1 where there is
	// but one.
	first, second []int32
}

func (c *classes) len() int { return len(c.first) }

// classesOf divides the n VMs or hosts by the values of the largest parts of the
// expression that speak of nothing but them. At names one of them to evaluate at.
func (p *Program) classesOf(n int, s Subject, at func(int) At) classes {
	parts := p.root.parts(s, nil)
	c := classes{of: make([]int32, n)}
	index := map[string]int32{}
	var key []byte
	for i := range n {
		a := at(i)
		key = p.values(parts, &a, key[:0])
		class, known := index[string(key)]
		switch {
		case !known:
			class = int32(len(c.first))
			index[string(key)] = class
			c.first, c.second = append(c.first, int32(i)), append(c.second, -1)
		case c.second[class] < 0:
			c.second[class] = int32(i)
		}
		c.of[i] = class
	}
	return c
}

// parts gathers the largest parts that speak of s, and of nothing else.
func (n *node) parts(s Subject, out []*node) []*node {
	switch {
	case n.about&s == 0:
		return out
	case n.about&^s == 0:
		return append(out, n)
	}
	for _, k := range n.kids {
		out = k.parts(s, out)
	}
	return out
}

// values writes what the parts evaluate to; a fault is a value like another, because the
// rest of the expression decides whether it matters.
func (p *Program) values(parts []*node, at *At, key []byte) []byte {
	write := func(s string) {
		key = binary.AppendUvarint(key, uint64(len(s)))
		key = append(key, s...)
	}
	for _, n := range parts {
		x := point{At: at, p: p}
		var value string
		var list []string
		switch n.kind {
		case boolean:
			value = strconv.FormatBool(n.bool(&x))
		case numeric:
			value = n.num(&x).String()
		case text:
			value = n.str(&x)
		default:
			list = n.list(&x)
		}
		if x.err != nil {
			key = append(key, 1)
			write(x.err.Error())
			continue
		}
		key = append(key, 0)
		if n.kind != texts {
			write(value)
			continue
		}
		key = binary.AppendUvarint(key, uint64(len(list)))
		for _, t := range list {
			write(t)
		}
	}
	return key
}

func (p *Program) vmClasses() classes {
	return p.classesOf(len(p.in.VMs), VM, func(i int) At { return At{VM: cloud.VMID(i)} })
}

func (p *Program) hostClasses(s Subject) classes {
	return p.classesOf(len(p.in.Hosts), s, func(i int) At {
		return At{Host: cloud.HostID(i), From: cloud.HostID(i), To: cloud.HostID(i)}
	})
}

// tooMany refuses to evaluate an expression more often than there is time for.
func tooMany(a int, what string, b int, others string) error {
	if b == 0 || a <= MaxCombinations/b {
		return nil
	}
	return fmt.Errorf("the expression tells apart %d classes of %s and %d of %s: expected at most %d combinations; "+
		"compare racks, zones or labels rather than names", a, what, b, others, MaxCombinations)
}
