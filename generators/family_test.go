package generators

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func encode(t testing.TB, instances []*cloud.Instance) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, in := range instances {
		if err := in.Encode(&b); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// The hashes pin what every published name and seed stands for. A change here breaks
// the comparison with every earlier record: it needs a reason.
func TestInstancesAreTheSameBytesForEver(t *testing.T) {
	pinned := map[string]bool{} // by family
	for _, c := range []struct {
		spec string
		seed uint64
		hash string
	}{
		{"classic", 0, "c844e1c8df2a"},
		{"random", 1, "b3a3e330610a"},
		{"random(hosts=40, fill-limit=0.9, tries=20, target=shuffle, moved=0.3)", 7, "ed5d04dac8cd"},
		{"random(hosts=6, vms=30, min=10, max=300, resources=3, correlation=0.5, i386-hosts=0.4, i386-vms=0.2)", 2, "38eed3bbe1f1"},
		{"random(sizes=flavours, flavours=[512, 512, 2048])", 3, "1b7662321288"},
		{"random(sizes=lognormal, sigma=0.5, median=700)", 4, "1420e4e27d86"},
		{"random(hosts=12, vms-per-host=6, max=800, host-sizes=[1, 2, 2], host-order=chance, racks=4, zones=2)", 8, "319b66019483"},
		{"random(hosts=20, max=600, groups=5, group-size=3, anti-affinity=rack, racks=5, target=shuffle)", 9, "cbf6cff36b3d"},
		{"random(sizes=zipf, exponent=1.3, tries=10, grouped=0.4, group-size=2, start=fresh, fill-limit=0.7)", 10, "674d4c4c9cbe"},
		{"random(hosts=30, sizes=flavours, flavours=[256, 512, 954], weights=[.6, .3, .1], start=fresh, target=fresh, utilisation=0.9)", 11, "10003736dda6"},
		{"random(hosts=20, utilisation=0.8, resources=2, max=2000)", 27, "b4f6d3df3941"},
		{"random(hosts=60, capacity=64, reserved=0, resources=3, correlation=0.5, sizes=flavours, flavours=[1, 2, 4, 8, 16], utilisation=0.96, grouped=0.2, tries=20, start=fresh, target=fresh)", 12, "967a4245a4e1"},
		{"permutation", 12, "a298cc107a7a"},
		{"permutation(hosts=9, empty=3, over=all, size=64)", 13, "9c5723005835"},
		{"permutation(hosts=4, empty=0)", 14, "ac372ff47fa8"},
		{"swaps", 15, "9796fa635c74"},
		{"swaps(pairs=3, vms=4, room=2)", 16, "0c082ad72a63"},
		{"chain", 17, "b832d932771d"},
		{"chain(length=3, chains=4, settled=0, step=0)", 18, "f0b372891de6"},
		{"ring", 19, "6dfcff1f0458"},
		{"ring(length=3, rings=3, size=100, settled=50)", 20, "3e5e832be85c"},
		{"narrow", 21, "697b65d0f476"},
		{"narrow(length=4, goal=shift, step=100)", 22, "4e51dc2521a5"},
		{"blocked", 23, "2cae247f48c5"},
		{"blocked(hosts=9, reason=closed, large=3, vms=5, free=4)", 24, "5f3a5870f8c2"},
		{"decoy", 25, "4efbaae803f4"},
		{"decoy(factor=5, pairs=8, size=100)", 26, "00a60596a687"},
		{"drift(of=random(hosts=20), migrations=50)", 5, "797afa465a8a"},
		{"drift(of=classic(case=slow), direction=forth)", 6, "1c7b1eab30f6"},
		{"numa", 1, "496723f163f0"},
		{"numa(machines=9, departed=0.5, rounds=1)", 2, "9915c6a24fd3"},
		{"flavours", 1, "ab1ef2cf040a"},
		{"flavours(preset=general, hosts=50, racks=6, utilisation=0.95, target=shuffle)", 2, "65941c51de08"},
		{"flavours(preset=memory, hosts=9, zones=1, overcommit=3/2, grouped=1)", 3, "44b0f82856e3"},
		{"flavours(preset=burstable, hosts=20, grouped=0, target=none)", 4, "52003a67ec16"},
		{"defragment(of=random(hosts=20, utilisation=0.5), displace=20)", 1, "65e6617e35b8"},
		{"rebalance(of=flavours(hosts=15), tolerance=0.01, moves=40)", 2, "8440db8355b5"},
		{"evacuate(of=flavours(utilisation=0.4), by=zone)", 3, "bf24d404edb5"},
		{"evacuate(of=flavours(preset=general, hosts=30), count=2, maintenance=no)", 4, "77d801fa5bf6"},
		{"upgrade(of=flavours(hosts=12, utilisation=0.5), batch=5)", 5, "7f95144ca4bd"},
		{"with(of=random(hosts=6, target=none), rules=[max-vms(max=50), pin(vms=vm1)], keep=yes)", 6, "e8ba5c8944f1"},
		{"broken(of=random(hosts=6), rules=[capacity])", 1, "3aa267412ad3"},
		{"broken(of=flavours(hosts=12, target=none), rules=[anti-affinity, max-vms(max=30)], share=0.3)", 2, "fa92a199a435"},
	} {
		pinned[spec.MustParse(c.spec).Name] = true
		sum := sha256.Sum256(encode(t, generate(t, c.spec, c.seed)))
		if got := hex.EncodeToString(sum[:6]); got != c.hash {
			t.Errorf("%s, seed %d: hash %s, expected %s", c.spec, c.seed, got, c.hash)
		}
	}
	for _, d := range testCatalogue().Descriptors(Kind) {
		if !pinned[d.Name] && d.Name != "file" && d.Name != "import" { // a file's bytes are its own
			t.Errorf("no instance of the family %s is pinned", d.Name)
		}
	}
}

func TestSeedsMatterUnlessAFamilyIsSeedless(t *testing.T) {
	for text, seedless := range map[string]bool{
		"classic":          true,
		"random":           false,
		"drift(of=random)": false,
		"permutation":      false,
		"swaps":            false,
		"chain":            false,
		"ring":             false,
		"narrow":           false,
		"blocked":          false,
		"decoy":            false,
		"drift(of=file(path=testdata/rules.json))": false,
		"flavours":              false,
		"defragment(of=random)": false, "rebalance(of=random)": false,
		"evacuate(of=random(hosts=20, utilisation=0.5, max=900))": false,
		"upgrade(of=random(hosts=20, utilisation=0.5, max=900))":  false,
		"with(of=random, rules=[arch, capacity])":                 false,
		"broken(of=classic(case=slow), rules=[capacity])":         false,
		"file(path=testdata/rules.json)":                          true,
	} {
		d, _ := testCatalogue().Lookup(Kind, spec.MustParse(text).Name)
		if d.Has(Seedless) != seedless {
			t.Errorf("%s: declared seedless: %v", text, d.Has(Seedless))
		}
		one, two := encode(t, generate(t, text, 1)), encode(t, generate(t, text, 2))
		if bytes.Equal(one, two) != seedless {
			t.Errorf("%s: the same with another seed: %v", text, !seedless)
		}
	}
}

// However a spec is written, it must name the same instance.
func TestNamesDoNotDependOnHowDefaultsAreWritten(t *testing.T) {
	for _, text := range []string{"random(hosts=10)", "random", "random(fill-limit=1.0, capacity=4096, target=walk)"} {
		if in := generate(t, text, 7)[0]; in.Name != "random#7" {
			t.Errorf("%s: name %q", text, in.Name)
		}
	}
	for text, want := range map[string]string{
		"random(hosts=4, utilisation=0.90)":                        "random(hosts=4, utilisation=0.9)#7",
		"drift(migrations=100, of=random(hosts=4, sizes=uniform))": "drift(of=random(hosts=4))#7",
		"drift(of=drift(of=classic(case=slow)))":                   "drift(of=drift(of=slow))#7",
		`broken(rules=["capacity"], of=random, share=0.10)`:        "broken(of=random, rules=[capacity])#7",
		"drift(of=file(path=testdata/../testdata/rules.json))":     `drift(of=rules)#7`,
	} {
		if in := generate(t, text, 7)[0]; in.Name != want {
			t.Errorf("%s: name %q, want %q", text, in.Name, want)
		}
	}
}

// The default of a parameter has to be written as resolved specs write it, else names
// would show it.
func TestDefaultsAreWrittenCanonically(t *testing.T) {
	required := map[string]string{
		"drift": "drift(of=classic(case=slow))", "file": "file(path=x)",
		"with":       "with(of=classic(case=slow), rules=[arch])",
		"broken":     "broken(of=classic(case=slow), rules=[capacity])",
		"import":     "import(format=json, files=a.json)",
		"defragment": "defragment(of=classic(case=slow))", "rebalance": "rebalance(of=classic(case=slow))",
		"evacuate": "evacuate(of=classic(case=slow))", "upgrade": "upgrade(of=classic(case=slow))",
	}
	for _, d := range testCatalogue().Descriptors(Kind) {
		s := spec.Named(d.Name)
		if text, ok := required[d.Name]; ok {
			s = spec.MustParse(text)
		}
		args, err := testCatalogue().Resolve(Kind, s)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Brief(args.Full()); len(got.Args) != len(s.Args) {
			t.Errorf("%s: defaults show in the name %s", d.Name, got)
		}
	}
}
