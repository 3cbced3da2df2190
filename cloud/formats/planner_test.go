package formats_test

import (
	"container/heap"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
)

// A planner as small as can be, which reads exported PDDL as text, by the semantics of
// PDDL and with none of the exporter's code: it shows what an export means where no
// planner is installed.

// grounding is an action schema under a search for the values of its parameters.
type grounding struct {
	task   *pddlTask
	schema *schema
	state  *planState
	bound  map[string]string
	emit   func(bound map[string]string)
}

// planState is a set of facts and the values of fluents.
type planState struct {
	facts  map[string]bool // dynamic ones
	values map[string]int64
	cost   int64
	parent *planState
	action string
}

func (s *planState) key() string {
	var b []byte
	for _, f := range slices.Sorted(maps.Keys(s.values)) {
		b = binary.AppendVarint(b, s.values[f])
	}
	return strings.Join(slices.Sorted(maps.Keys(s.facts)), "\n") + string(b)
}

// cheapest finds a cheapest plan by Dijkstra's algorithm: its lines as a planner prints
// them, and its cost.
func (t *pddlTask) cheapest() (plan []string, cost int64, ok bool) {
	start := &planState{facts: map[string]bool{}, values: map[string]int64{}}
	for f := range t.init {
		if t.dynamic[predicateOf(f)] {
			start.facts[f] = true
		}
	}
	for f, n := range t.values {
		if t.dynamic[predicateOf(f)] && f != totalCost {
			start.values[f] = n
		}
	}
	open := &states{start}
	closed := map[string]bool{}
	for open.Len() > 0 {
		s := heap.Pop(open).(*planState)
		if k := s.key(); closed[k] {
			continue
		} else {
			closed[k] = true
		}
		if t.satisfied(s) {
			for at := s; at.parent != nil; at = at.parent {
				plan = append(plan, at.action)
			}
			slices.Reverse(plan)
			return plan, s.cost, true
		}
		for i := range t.actions {
			g := &grounding{task: t, schema: &t.actions[i], state: s, bound: map[string]string{}}
			g.emit = func(bound map[string]string) { heap.Push(open, t.apply(s, g.schema, bound)) }
			g.match(0)
		}
	}
	return nil, 0, false
}

const totalCost = "total-cost"

func predicateOf(fact string) string {
	name, _, _ := strings.Cut(fact, " ")
	return name
}

func (t *pddlTask) satisfied(s *planState) bool {
	for _, g := range t.goal {
		if !s.facts[g] && !t.init[g] || t.dynamic[predicateOf(g)] && !s.facts[g] {
			return false
		}
	}
	return true
}

// match binds parameters so that the facts among the conditions from the i-th on hold, and
// then those that no fact binds to anything of their type.
func (g *grounding) match(i int) {
	if i == len(g.schema.condition) {
		g.bindRest()
		return
	}
	c := g.schema.condition[i]
	if c.head() == "not" || c.head() == "<=" {
		g.match(i + 1) // tested once everything is bound
		return
	}
	facts := g.task.byPredicate[c.head()]
	if g.task.dynamic[c.head()] {
		facts = nil
		for _, f := range slices.Sorted(maps.Keys(g.state.facts)) {
			if predicateOf(f) == c.head() {
				facts = append(facts, strings.Fields(f))
			}
		}
	}
	for _, f := range facts {
		g.unify(c, f, i)
	}
}

func (g *grounding) bindRest() {
	for _, p := range g.schema.params {
		if _, ok := g.bound[p]; ok {
			continue
		}
		for _, object := range slices.Sorted(maps.Keys(g.task.objects)) {
			if g.task.isA(g.task.objects[object], g.schema.types[p]) {
				g.bound[p] = object
				g.bindRest()
			}
		}
		delete(g.bound, p)
		return
	}
	for _, c := range g.schema.condition {
		switch c.head() {
		case "not":
			if e := c.list[1]; e.head() != "=" {
				panic("only (not (= …)) is known: " + c.String())
			} else if g.value(e.list[1]) == g.value(e.list[2]) {
				return
			}
		case "<=":
			if g.task.evaluate(g.state, c.list[1], g.bound) > g.task.evaluate(g.state, c.list[2], g.bound) {
				return
			}
		}
	}
	g.emit(g.bound)
}

// unify goes on with a fact that a condition may mean.
func (g *grounding) unify(c sexp, fact []string, i int) {
	var fresh []string
	for j, a := range c.list[1:] {
		word := fact[j+1]
		if !strings.HasPrefix(a.atom, "?") {
			if a.atom != word {
				fresh = append(fresh, "")
				break
			}
			continue
		}
		if had, ok := g.bound[a.atom]; !ok {
			g.bound[a.atom] = word
			fresh = append(fresh, a.atom)
		} else if had != word {
			fresh = append(fresh, "")
			break
		}
	}
	if !slices.Contains(fresh, "") {
		g.match(i + 1)
	}
	for _, v := range fresh {
		delete(g.bound, v)
	}
}

func (g *grounding) value(a sexp) string {
	if v, ok := g.bound[a.atom]; ok {
		return v
	}
	return a.atom
}

// instance fills in the parameters of a fact or fluent.
func instance(c sexp, bound map[string]string) string {
	words := []string{c.head()}
	for _, a := range c.list[1:] {
		if v, ok := bound[a.atom]; ok {
			words = append(words, v)
		} else {
			words = append(words, a.atom)
		}
	}
	return strings.Join(words, " ")
}

func (t *pddlTask) evaluate(s *planState, e sexp, bound map[string]string) int64 {
	if e.head() == "+" {
		return t.evaluate(s, e.list[1], bound) + t.evaluate(s, e.list[2], bound)
	}
	f := instance(e, bound)
	if n, ok := s.values[f]; ok {
		return n
	}
	n, ok := t.values[f]
	if !ok {
		panic("no value is given for (" + f + ")")
	}
	return n
}

func (t *pddlTask) apply(s *planState, a *schema, bound map[string]string) *planState {
	next := &planState{facts: map[string]bool{}, values: map[string]int64{}, cost: s.cost, parent: s}
	for f := range s.facts {
		next.facts[f] = true
	}
	for f, n := range s.values {
		next.values[f] = n
	}
	words := []string{a.name}
	for _, p := range a.params {
		words = append(words, bound[p])
	}
	next.action = "(" + strings.Join(words, " ") + ")"
	for _, e := range a.effect { // what goes, goes before what comes
		if e.head() == "not" {
			delete(next.facts, instance(e.list[1], bound))
		}
	}
	for _, e := range a.effect {
		switch e.head() {
		case "not":
		case "increase", "decrease":
			n := t.evaluate(s, e.list[2], bound)
			if e.head() == "decrease" {
				n = -n
			}
			if f := instance(e.list[1], bound); f == totalCost {
				next.cost += n
			} else {
				next.values[f] += n
			}
		default:
			next.facts[instance(e, bound)] = true
		}
	}
	return next
}

// states are a heap by cost.
type states []*planState

func (h states) Len() int           { return len(h) }
func (h states) Less(i, j int) bool { return h[i].cost < h[j].cost }
func (h states) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *states) Push(x any)        { *h = append(*h, x.(*planState)) }
func (h *states) Pop() any {
	s := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return s
}
