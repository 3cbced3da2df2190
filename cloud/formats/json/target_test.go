package json

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
)

const small = `{"format": "rearrange/instance/1", "name": "small", "resources": [{"name": "ram"}],
 "hosts": [{"name": "a", "capacity": {"ram": 4}}, {"name": "b", "capacity": {"ram": 4}}],
 "vms": [{"name": "u", "demand": {"ram": 1}}, {"name": "v", "demand": {"ram": 1}}],
 "initial": {"u": "a", "v": "a"}}`

func decoded(t testing.TB, text string) *cloud.Instance {
	t.Helper()
	in, err := cloud.DecodeInstance("small.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestTargetsAreInstancesOrPlacements(t *testing.T) {
	in := decoded(t, small)
	other := decoded(t, small)
	other.VMs[0], other.VMs[1] = other.VMs[1], other.VMs[0] // found by name
	other.Target = cloud.Placement{1, 0}
	var b bytes.Buffer
	if err := other.Encode(&b); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text string
		want cloud.Placement
		err  string
	}{
		{`{"v": "b"}`, cloud.Placement{cloud.Absent, 1}, ""},
		{b.String(), cloud.Placement{0, 1}, ""},
		{`{"v": "c"}`, nil, `x.json:1:2: /v: unknown host "c"`},
		{`{"w": "b"}`, nil, `x.json:1:2: /w: unknown VM "w"`},
		{`{"v": 1}`, nil, `x.json:1:2: /v: expected a string, found a number`},
		{small, nil, "x.json: the instance has no target"},
		{`{"v": "a"`, nil, "x.json:1:10: invalid JSON: the file ends too early"},
	} {
		got, err := targetReader{}.ReadTarget(in, "x.json", []byte(c.text))
		if c.err == "" && (err != nil || !got.Equal(c.want)) || c.err != "" && (err == nil || err.Error() != c.err) {
			t.Errorf("%.40s: got %v, %v; want %v %s", c.text, got, err, c.want, c.err)
		}
	}
}

func FuzzReadTarget(f *testing.F) {
	f.Add([]byte(`{"v": "b"}`))
	f.Add([]byte(small))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := decoded(t, small)
		p, err := targetReader{}.ReadTarget(in, "x.json", data)
		if err != nil && !strings.HasPrefix(err.Error(), "x.json:") {
			t.Errorf("the error does not name the file: %v", err)
		}
		if err == nil && len(p) != len(in.VMs) {
			t.Errorf("got %v", p)
		}
	})
}
