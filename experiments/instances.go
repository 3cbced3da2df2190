package experiments

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
	"github.com/cloudrearrange/rearrange/results"
)

// instance is an instance of a suite, under the rules and limits that hold for it there.
type instance struct {
	*cloud.Instance
	given  []spec.Spec // rules in place of the instance's own; nil: those
	rules  ruleSet
	limits results.Limits
	sha256 string
	names  []results.Name // each once
	where  string         // the entry that names it first
}

// instances makes the instances of the suite. Those that are equal but for their names are
// one with several names. The role that an instance has under one of them it has under all.
// Room bounds how many instances there may be.
func (s *Suite) instances(ctx context.Context, room float64, skipped func(string)) (out []*instance, err error) {
	type content struct {
		sha256 string
		limits results.Limits
	}
	known := map[content]*instance{}
	roles := map[string]roleGiven{} // by content
	for _, set := range s.Instances {
		named, missing, err := s.generated(ctx, set)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", set.Where, err)
		}
		if n := len(missing); n > 0 {
			note := missing[0]
			if all := set.size(); all > 1 {
				note = fmt.Sprintf("%d of %d, the first: %s", n, all, note)
			}
			skipped(fmt.Sprintf("%s: skipped: %s", set.Where, note))
		}
		for _, n := range named {
			in, err := s.instance(n, set)
			if err != nil {
				return nil, fmt.Errorf("%s: instance %s: %w", set.Where, n.Instance.Name, err)
			}
			before, given := roles[in.sha256]
			if given && set.Role != "" && before.role != set.Role {
				return nil, fmt.Errorf("%s: instance %s is for %s here, and for %s in %s", set.Where, in.Name, set.Role, before.role, before.where)
			}
			if !given && set.Role != "" {
				roles[in.sha256] = roleGiven{set.Role, set.Where}
			}
			if first := known[content{in.sha256, in.limits}]; first != nil {
				first.names = withName(first.names, n.name)
				continue
			}
			known[content{in.sha256, in.limits}] = in
			if out = append(out, in); float64(len(out)) > room {
				return nil, s.tooMany(float64(len(out)) * maxRuns / room)
			}
		}
	}
	for _, in := range out {
		in.names = withRole(in.names, roles[in.sha256].role)
	}
	return out, nil
}

// roleGiven is the role of an instance, and the entry that gives it.
type roleGiven struct{ role, where string }

// instance is one instance of an entry.
func (s *Suite) instance(n namedInstance, set InstanceSet) (*instance, error) {
	if s.Targets != nil { // whatever the target, the question is the same
		blank := *n.Instance
		blank.Target = nil
		if err := blank.Check(); err != nil { // which makes its hash be computed once
			return nil, err
		}
		n.Instance = &blank
	}
	in := &instance{Instance: n.Instance, given: s.Rules, limits: s.limits(set), names: []results.Name{n.name}, where: set.Where}
	if s.Also != nil {
		in.given = append(slices.Clone(rules.Specs(n.Instance, s.Rules)), s.Also...)
	}
	var err error
	if in.rules, err = ruleSetOf(s.Catalogue, rules.Specs(n.Instance, in.given)); err != nil {
		return nil, err
	}
	in.sha256 = in.rules.content(n.Instance)
	return in, nil
}

// ruleSet is what rules in force are told by.
type ruleSet struct {
	texts    []string    // as written
	full     []string    // with every default written out
	brief    []spec.Spec // without what is at its default; nil: the rules that hold where none are named
	packages []string
}

func ruleSetOf(c *spec.Catalogue, specs []spec.Spec) (ruleSet, error) {
	out := ruleSet{texts: prose.Texts(specs, spec.Spec.String), brief: []spec.Spec{}}
	for _, s := range specs {
		a, err := c.Resolve(rules.Kind, s)
		if err != nil {
			return ruleSet{}, err
		}
		out.full, out.brief = append(out.full, a.Full().String()), append(out.brief, a.Brief())
		out.packages = append(out.packages, a.Packages()...)
	}
	if slices.EqualFunc(out.brief, rules.Default(), spec.Spec.Equal) {
		out.brief = nil
	}
	return out, nil
}

// content is the hash of the instance's content under these rules, in the shortest way to
// write them: which rules the instance names is of no account where others are in force.
func (r *ruleSet) content(in *cloud.Instance) string { return r.ruled(in).SHA256() }

// ruled is the instance with these rules as its own.
func (r *ruleSet) ruled(in *cloud.Instance) *cloud.Instance {
	if (in.Rules == nil) == (r.brief == nil) && slices.EqualFunc(in.Rules, r.brief, spec.Spec.Equal) {
		return in
	}
	out := *in
	out.Rules = r.brief
	return &out
}

// Ruled is the instance with the rules in force as its own, whose hash is that of the task.
func (t *Task) Ruled() (*cloud.Instance, error) {
	set, err := ruleSetOf(t.Catalogue, rules.Specs(t.Instance, t.Rules))
	if err != nil {
		return nil, err
	}
	return set.ruled(t.Instance), nil
}

// namedInstance is an instance that a family made, and what is known of that.
type namedInstance struct {
	*cloud.Instance
	name results.Name
}

// generated makes the instances of an entry, and tells what is missing of an optional
// one.
func (s *Suite) generated(ctx context.Context, set InstanceSet) (out []namedInstance, missing []string, err error) {
	if set.Missing != "" {
		return nil, []string{set.Missing}, nil
	}
	for _, sp := range set.Specs() {
		args, err := s.Catalogue.Resolve(generators.Kind, sp)
		if err != nil {
			return nil, nil, err
		}
		name := results.Name{Family: sp.Name, Parameters: values(args), Role: set.Role}
		d, _ := s.Catalogue.Lookup(generators.Kind, sp.Name)
		seeds := set.Seeds
		if d.Has(generators.Seedless) {
			seeds = seeds[:1]
		}
		for _, seed := range seeds {
			if err := ctx.Err(); err != nil {
				return nil, nil, err
			}
			instances, err := s.generate(sp, seed)
			switch {
			case set.Optional && errors.Is(err, fs.ErrNotExist):
				missing = append(missing, err.Error())
			case err != nil:
				return nil, nil, err
			}
			for _, in := range instances {
				name.Instance, name.Class = in.Name, in.Name
				if !d.Has(generators.Seedless) {
					name.Class = strings.TrimSuffix(in.Name, fmt.Sprintf("#%d", seed))
				}
				out = append(out, namedInstance{in, name})
			}
		}
	}
	return out, missing, nil
}

// generate makes the instances of a family; relative paths start at the suite's folder.
func (s *Suite) generate(family spec.Spec, seed uint64) ([]*cloud.Instance, error) {
	instances, err := generators.Generate(s.Catalogue, generators.Rebase(s.Catalogue, family, s.Dir), seed)
	if err != nil {
		return nil, err
	}
	for _, in := range instances {
		if in.Target == nil && s.Targets == nil {
			return nil, fmt.Errorf("instance %s has no target placement, so there is no path to look for; drift(of=…) makes one, and so do strategies in the field targets", in.Name)
		}
	}
	return instances, nil
}

// values are the arguments of a spec as a record that was read from its file holds them; nil
// for none.
func values(a spec.Args) results.Values {
	var out results.Values
	for name, v := range a.Values() {
		if texts, ok := v.([]string); ok {
			list := make([]any, len(texts))
			for i, t := range texts {
				list[i] = t
			}
			v = list
		}
		if out == nil {
			out = results.Values{}
		}
		out[name] = v
	}
	return out
}

// withName adds a name to a list, unless it is there with some role.
func withName(names []results.Name, n results.Name) []results.Name {
	if slices.ContainsFunc(names, func(m results.Name) bool { return sameBut(m, n) }) {
		return names
	}
	return append(names, n)
}

// withRole gives the role to names that have none.
func withRole(names []results.Name, role string) []results.Name {
	for i := range names {
		names[i].Role = cmp.Or(names[i].Role, role)
	}
	return names
}

// sameBut tells whether two names are the same but for their roles.
func sameBut(a, b results.Name) bool {
	a.Role = b.Role
	return reflect.DeepEqual(a, b)
}
