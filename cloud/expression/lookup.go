package expression

import (
	"maps"
	"regexp"
	"slices"

	"github.com/expr-lang/expr/ast"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// link is one name of a chain such as host.capacity.ram.
type link struct {
	name string
	node ast.Node
}

// chain takes a look-up apart into its names; false where it is more than names.
func (c *compiler) chain(n ast.Node) ([]link, bool) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return []link{{n.Value, n}}, true
	case *ast.MemberNode:
		out, ok := c.chain(n.Node)
		if !ok {
			return nil, false
		}
		s, ok := n.Property.(*ast.StringNode)
		if !ok {
			c.fail(n.Property, "expected the name of a member, in quotes")
			return nil, false
		}
		return append(out, link{s.Value, s}), true
	default:
		if c.names != nil {
			c.fail(n, "only names have members")
		} else {
			c.fail(n, "only vm, hosts and what they hold have members")
		}
		return nil, false
	}
}

// lookup compiles a chain of names, the first of which is a subject, or, in a query, all of
// which are one name.
func (c *compiler) lookup(n ast.Node) *node {
	links, ok := c.chain(n)
	if !ok {
		return &node{}
	}
	if c.names != nil {
		return c.named(links)
	}
	first := links[0]
	i := c.subject(first.name)
	if i < 0 {
		return c.fail(first.node, "unknown name %q%s", first.name, spec.DidYouMean(first.name, c.may.names(), "known here are"))
	}
	a := attribute{subject: subjectNames[i].subject}
	switch a.subject {
	case VMs:
		return c.attribute(a, member{"vms", vms, numeric, single}, links)
	case Used:
		return c.attribute(a, member{"used", used, numeric, byResource}, links)
	}
	members := hostMembers
	if a.subject == VM {
		members = vmMembers
	}
	var known []string
	for _, m := range members {
		known = append(known, m.name)
	}
	if len(links) == 1 {
		return c.fail(first.node, "%s is not a value: name a member%s", first.name, spec.DidYouMean("", known, "it has"))
	}
	m := slices.Index(known, links[1].name)
	if m < 0 {
		return c.unknownMember(links[1], first.name, known)
	}
	return c.attribute(a, members[m], links[1:])
}

// subject is the place among subjectNames of one that the expression may speak of, or -1.
func (c *compiler) subject(name string) int {
	return slices.IndexFunc(subjectNames, func(s namedSubject) bool { return s.name == name && c.may&s.subject != 0 })
}

// knows tells whether a name stands for anything.
func (c *compiler) knows(name string) bool {
	if c.names == nil {
		return c.subject(name) >= 0
	}
	_, ok := c.names.Kind(name)
	return ok
}

func (c *compiler) unknownMember(l link, of string, known []string) *node {
	return c.fail(l.node, "unknown member %q of %s%s", l.name, of, spec.DidYouMean(l.name, known, "it has"))
}

// attribute ends a look-up: links begins with the member itself.
func (c *compiler) attribute(a attribute, m member, links []link) *node {
	a.field = m.field
	c.groups = c.groups || m.field == groups
	c.dirty = c.dirty || m.field == dirty
	path := m.name
	if m.field != used && m.field != vms {
		path = a.subject.names()[0] + "." + m.name
	}
	depth := 1
	if m.of != single {
		depth = 2
		if len(links) < depth {
			return c.fail(links[0].node, "%s is not a value: expected %s.<%s>", path, path, map[family]string{byResource: "resource", byLabel: "label", byNumber: "number"}[m.of])
		}
	}
	if len(links) > depth {
		return c.fail(links[depth].node, "%s is %s and has no members", path, m.kind)
	}
	last := links[depth-1]
	switch m.of {
	case byLabel:
		a.label = last.name
	case byNumber:
		known := c.numbers(a.subject)
		if !slices.Contains(known, last.name) {
			return c.unknownMember(last, path, known)
		}
		a.label = last.name
	case byResource:
		var known []string
		for _, r := range c.in.Resources {
			known = append(known, r.Name)
		}
		if a.resource = slices.Index(known, last.name); a.resource < 0 {
			return c.unknownMember(last, path, known)
		}
	}
	out := c.make(last.node, attr, m.kind)
	out.attr, out.about = a, a.subject
	return out
}

// numbers lists the names of numbers that VMs have, or hosts.
func (c *compiler) numbers(s Subject) []string {
	known := map[string]bool{}
	add := func(numbers map[string]int64) {
		for name := range numbers {
			known[name] = true
		}
	}
	if s == VM {
		for v := range c.in.VMs {
			add(c.in.VMs[v].Numbers)
		}
	} else {
		for h := range c.in.Hosts {
			add(c.in.Hosts[h].Numbers)
		}
	}
	return slices.Sorted(maps.Keys(known))
}

// pattern makes ready the regular expression of matches, which is RE2: matching takes
// time linear in the text.
func (c *compiler) pattern(n *ast.BinaryNode, out, pattern *node) *node {
	if pattern.op != constant {
		return c.fail(n.Right, "expected a pattern that stands in the expression, in quotes")
	}
	re, err := regexp.Compile(pattern.text)
	if err != nil {
		return c.fail(n.Right, "%v", err)
	}
	out.re = re
	return out
}
