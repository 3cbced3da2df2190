package pddl

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
)

// domain writes domain.pddl. It holds what the instance needs and no more: no suspends
// where no VM may be suspended, no (may-arrive) where every VM may go everywhere.
func (t *task) domain() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "; VM rearrangement, for %s\n", formulation.OneLine(t.Instance.Name))
	b.WriteString("; A migration: begin, release (once per counter), head-for, reserve (once per counter), migrate.\n")
	b.WriteString("(define (domain rearrange)\n")
	requirements := ":typing :equality :negative-preconditions :action-costs"
	if t.numeric {
		requirements = ":typing :equality :negative-preconditions :numeric-fluents"
	}
	fmt.Fprintf(&b, "  (:requirements %s)\n", requirements)
	b.WriteString("  (:types vm place counter")
	if !t.numeric {
		b.WriteString(" amount")
	}
	b.WriteString(" - object host - place)\n  (:constants none - counter)\n")
	t.declare(&b)
	t.migration(&b)
	if t.Interruptible() {
		t.suspension(&b)
	}
	b.WriteString(")\n")
	return b.Bytes()
}

func (t *task) declare(b *bytes.Buffer) {
	b.WriteString("  (:predicates\n")
	line := func(predicate, meaning string) { fmt.Fprintf(b, "    %-38s ; %s\n", predicate, meaning) }
	line("(settled)", "no VM is between hosts")
	line("(at ?v - vm ?h - host)", "the VM runs there")
	line("(first ?v - vm ?c - counter)", "the counter that comes first for the VM")
	line("(next ?v - vm ?c ?d - counter)", "the one after it, none after the last")
	line("(to-release ?v - vm ?c - counter)", "the counter that the VM is taken off next")
	line("(to-reserve ?v - vm ?h - host ?c - counter)", "the counter that it is put on next")
	line("(in ?c - counter ?h - host ?p - place)", "where the VMs of a host are counted")
	if !t.numeric {
		line("(demand ?c - counter ?v - vm ?s - amount)", "what the VM takes")
		line("(used ?c - counter ?p - place ?x - amount)", "what is in use")
		line("(fits ?c - counter ?p - place ?x - amount)", "what may be in use")
		line("(sum ?x ?s ?y - amount)", "x + s = y")
	}
	if t.Restricted {
		line("(may-arrive ?v - vm ?h - host)", "what rules about VM and host allow")
	}
	if t.Interruptible() {
		line("(interruptible ?v - vm)", "the VM may be suspended")
		line("(suspended ?v - vm)", "it is, and holds nothing")
		line("(home ?v - vm ?h - host)", "where it may be resumed: its target")
	}
	if t.Obstacle != "" {
		line("(never)", "no plan exists")
	}
	b.WriteString("  )\n  (:functions\n    (total-cost) - number\n")
	if t.numeric {
		b.WriteString("    (demand ?c - counter ?v - vm) - number\n    (used ?c - counter ?p - place) - number\n")
		b.WriteString("    (limit ?c - counter ?p - place) - number\n")
	}
	if t.uniform != nil {
		b.WriteString("    (migration-cost ?v - vm) - number\n")
	} else {
		b.WriteString("    (migration-cost ?v - vm ?a ?b - host) - number\n")
	}
	if t.Interruptible() {
		b.WriteString("    (suspend-cost ?v - vm ?h - host) - number\n    (resume-cost ?v - vm) - number\n")
	}
	b.WriteString("  )\n")
}

// action is one action schema; conditions and effects may be empty texts, which count for
// nothing.
type action struct {
	name, parameters   string
	condition, effects []string
}

func (a action) write(b *bytes.Buffer) {
	fmt.Fprintf(b, "  (:action %s\n    :parameters (%s)\n    :precondition (and%s)\n    :effect (and%s))\n",
		a.name, a.parameters, joined(a.condition), joined(a.effects))
}

func joined(facts []string) string {
	var b strings.Builder
	for _, f := range facts {
		if f != "" {
			b.WriteString(" " + f)
		}
	}
	return b.String()
}

// when is the text if the condition holds.
func when(condition bool, text string) string {
	if condition {
		return text
	}
	return ""
}

// migration writes the actions of a migration.
func (t *task) migration(b *bytes.Buffer) {
	action{
		"begin", "?v - vm ?a - host ?c - counter",
		[]string{"(settled)", "(at ?v ?a)", "(first ?v ?c)"},
		[]string{"(not (settled))", "(to-release ?v ?c)"},
	}.write(b)

	amounts := when(!t.numeric, " ?x ?s ?y - amount")
	action{
		"release", "?v - vm ?a - host ?c ?d - counter ?p - place" + amounts,
		[]string{
			"(to-release ?v ?c)", "(next ?v ?c ?d)", "(at ?v ?a)", "(in ?c ?a ?p)",
			when(!t.numeric, "(demand ?c ?v ?s) (used ?c ?p ?y) (sum ?x ?s ?y)"),
		},
		[]string{
			"(not (to-release ?v ?c))", "(to-release ?v ?d)",
			when(!t.numeric, "(not (used ?c ?p ?y)) (used ?c ?p ?x)"),
			when(t.numeric, "(decrease (used ?c ?p) (demand ?c ?v))"),
		},
	}.write(b)

	action{
		"head-for", "?v - vm ?a ?b - host ?c - counter",
		[]string{
			"(to-release ?v none)", "(at ?v ?a)", "(not (= ?a ?b))", "(first ?v ?c)",
			when(t.Restricted, "(may-arrive ?v ?b)"),
		},
		[]string{"(not (to-release ?v none))", "(to-reserve ?v ?b ?c)"},
	}.write(b)

	action{
		"reserve", "?v - vm ?b - host ?c ?d - counter ?p - place" + amounts,
		[]string{
			"(to-reserve ?v ?b ?c)", "(next ?v ?c ?d)", "(in ?c ?b ?p)",
			when(!t.numeric, "(demand ?c ?v ?s) (used ?c ?p ?x) (sum ?x ?s ?y) (fits ?c ?p ?y)"),
			when(t.numeric, "(<= (+ (used ?c ?p) (demand ?c ?v)) (limit ?c ?p))"),
		},
		[]string{
			"(not (to-reserve ?v ?b ?c))", "(to-reserve ?v ?b ?d)",
			when(!t.numeric, "(not (used ?c ?p ?x)) (used ?c ?p ?y)"),
			when(t.numeric, "(increase (used ?c ?p) (demand ?c ?v))"),
		},
	}.write(b)

	cost := "(migration-cost ?v ?a ?b)"
	if t.uniform != nil {
		cost = "(migration-cost ?v)"
	}
	action{
		"migrate", "?v - vm ?a ?b - host",
		[]string{"(to-reserve ?v ?b none)", "(at ?v ?a)", "(not (= ?a ?b))"},
		[]string{
			"(not (to-reserve ?v ?b none))", "(not (at ?v ?a))", "(at ?v ?b)", "(settled)",
			"(increase (total-cost) " + cost + ")",
		},
	}.write(b)
}

// suspension writes the actions of suspends and resumes.
func (t *task) suspension(b *bytes.Buffer) {
	action{
		"suspend", "?v - vm ?a - host",
		[]string{"(to-release ?v none)", "(at ?v ?a)", "(interruptible ?v)"},
		[]string{
			"(not (to-release ?v none))", "(not (at ?v ?a))", "(suspended ?v)", "(settled)",
			"(increase (total-cost) (suspend-cost ?v ?a))",
		},
	}.write(b)
	action{
		"wake", "?v - vm ?b - host ?c - counter",
		[]string{
			"(settled)", "(suspended ?v)", "(home ?v ?b)", "(first ?v ?c)",
			when(t.Restricted, "(may-arrive ?v ?b)"),
		},
		[]string{"(not (settled))", "(to-reserve ?v ?b ?c)"},
	}.write(b)
	action{
		"resume", "?v - vm ?b - host",
		[]string{"(to-reserve ?v ?b none)", "(suspended ?v)"},
		[]string{
			"(not (to-reserve ?v ?b none))", "(not (suspended ?v))", "(at ?v ?b)", "(settled)",
			"(increase (total-cost) (resume-cost ?v))",
		},
	}.write(b)
}
