package generators

import (
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Instances have to be under the rules asked for, and under no others unless those are
// kept.
func TestWithReplacesRulesOrKeepsThem(t *testing.T) {
	for text, want := range map[string]string{
		"with(of=random, rules=[arch, capacity(overcommit.ram=2)])":                            "arch, capacity(overcommit.ram=2)",
		"with(of=random, rules=[capacity(overcommit.ram=2)], keep=yes)":                        "capacity, arch, capacity(overcommit.ram=2)",
		"with(of=with(of=random, rules=[arch]), rules=[capacity], keep=yes)":                   "arch, capacity",
		"drift(of=with(of=random(hosts=5), rules=[capacity(overcommit.ram=2)]), migrations=5)": "capacity(overcommit.ram=2)",
	} {
		in := generate(t, text, 3)[0]
		var got []string
		for _, r := range in.Rules {
			got = append(got, r.String())
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: rules %v, want %s", text, got, want)
		}
	}
}

// Whoever asks for any start wants what the rules make of it, as far as it can be mended.
func TestWithTakesAnyStartOnRequest(t *testing.T) {
	in := generate(t, "with(of=random(target=none), rules=[capacity(overcommit.ram=0.5)], start=any)", 1)[0]
	if _, breaches, err := cloud.Mend(in, mustBind(t, in), in.Initial); err != nil || len(breaches) == 0 {
		t.Errorf("%d breaches, %v", len(breaches), err)
	}
}

func TestWithRefusesEndsThatBreakTheRules(t *testing.T) {
	for text, want := range map[string]string{
		"with(of=random, rules=[capacity(overcommit.ram=0.1)])":              `instance "random#1" cannot have these rules: the initial placement is not sane: capacity(overcommit.ram=0.1): host "host1"`,
		"with(of=random, rules=[anti-affinity(group=web)])":                  `unknown group "web"`,
		"with(of=classic(case=shutdown_and_swap), rules=[capacity(over=2)])": `unknown parameter "over"`,
	} {
		family, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse(text))
		if err == nil {
			_, err = family(1)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestWithSpeaksOfAPathOnlyWhereThereIsATarget(t *testing.T) {
	for text, want := range map[string]string{
		"with(of=random, rules=[arch])":                "random#1 under other rules; whether a path exists is not known",
		"with(of=flavours(target=none), rules=[arch])": "flavours(target=none)#1 under other rules; no target",
	} {
		if got := generate(t, text, 1)[0].Description; got != want {
			t.Errorf("%s is described as %q, expected %q", text, got, want)
		}
	}
}
