package alibaba2018

import (
	"archive/zip"
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/internal/realdata"
)

func built(t testing.TB, text string) importer {
	t.Helper()
	s, err := spec.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	i, _, err := spec.Build[formats.Importer](gentest.Catalogue().With(formats.Importers(Importer())), formats.ImporterKind, s)
	if err != nil {
		t.Fatal(err)
	}
	return i.(importer)
}

// day is a series: one amount all day, but for some time slots.
func day(amount string, but map[int]string) string {
	values := slices.Repeat([]string{amount}, slots)
	for slot, a := range but {
		values[slot] = a
	}
	return strings.Join(values, "|")
}

// small are the tables of a small cloud: three machines, four applications, one of them
// with a single instance and no interference, and seven instances, one of them not
// placed. It is sane at every time, but not at the peaks: on m1 the cpu of a and of b
// peaks at different times.
func small() map[string]string {
	return map[string]string{
		"machine_resources.csv": "m1,4,8,100,2,3,3\nm2,8,16,200.5,7,7,9\nm3,8,16,200,7,7,9\n",
		"app_resources.csv": "a," + day("1.25", map[int]string{10: "2.500000"}) + "," + day("2", nil) + ",60.000000,1,0,1\n" +
			"b," + day("0.5", map[int]string{97: "2"}) + "," + day("1", nil) + ",40,0,0,0\n" +
			"c," + day("1", nil) + "," + day("0.735100", map[int]string{0: "0.000001"}) + ",10,0,1,1\n" +
			"d," + day("0", nil) + "," + day("0", nil) + ",0,0,0,0\n",
		"instance_deploy.csv":  "i1,a,m1\ni2,b,m1\ni3,b,m2\ni4,a,m2\ni5,c,m2\ni6,a,\ni7,d,m3\n",
		"app_interference.csv": "a,b,1\nc,a,2\na,a,0\n",
	}
}

func with(tables map[string]string, name, content string) map[string]string {
	out := maps.Clone(tables)
	out[name] = content
	return out
}

func zipped(t testing.TB, tables map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(tables[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func imported(t testing.TB, format string, tables map[string]string) *cloud.Instance {
	t.Helper()
	in, err := built(t, format).decode("small.zip", zipped(t, tables))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func findings(t testing.TB, in *cloud.Instance) []validate.Finding {
	t.Helper()
	bound, err := rules.Bind(gentest.Catalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return validate.Placement(in, bound, in.Initial, true)
}

func TestSmallArchiveIsTranslatedWhole(t *testing.T) {
	in := imported(t, "alibaba2018", small())
	if in.Name != "small" || len(in.Hosts) != 3 || len(in.VMs) != 7 || in.Target != nil {
		t.Errorf("got %q with %d hosts and %d VMs, target %v", in.Name, len(in.Hosts), len(in.VMs), in.Target)
	}
	var texts []string
	for _, r := range in.Rules {
		texts = append(texts, r.String())
	}
	want := []string{
		"capacity", "interference(group=a, with=b, max=1)", "interference(group=c, with=a, max=2)",
		"interference(group=a, with=a, max=0)",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	groups := []cloud.Group{
		{Name: "a", VMs: []cloud.VMID{0, 3, 5}},
		{Name: "b", VMs: []cloud.VMID{1, 2}},
		{Name: "c", VMs: []cloud.VMID{4}},
	}
	if diff := cmp.Diff(groups, in.Groups); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	host := cloud.Host{Name: "m2", Capacity: []int64{16_000_000, 8_000_000, 200_500_000, 7, 7, 9}, Reserved: make([]int64, 6)}
	if diff := cmp.Diff(host, in.Hosts[1]); diff != "" {
		t.Errorf("host m2 (-want +got):\n%s", diff)
	}
	vm := cloud.VM{Name: "i1", Demand: []int64{2_000_000, 2_500_000, 60_000_000, 1, 0, 1}}
	if diff := cmp.Diff(vm, in.VMs[0]); diff != "" {
		t.Errorf("VM i1 (-want +got):\n%s", diff)
	}
	if want := (cloud.Placement{0, 0, 1, 1, 1, cloud.Absent, 2}); !in.Initial.Equal(want) {
		t.Errorf("initial %v, want %v", in.Initial, want)
	}
}

func TestDemandIsThatOfTheSlotAndExact(t *testing.T) {
	for format, want := range map[string][]int64{
		"alibaba2018":          {735_100, 1_000_000},
		"alibaba2018(slot=0)":  {1, 1_000_000},
		"alibaba2018(slot=97)": {735_100, 1_000_000},
	} {
		if got := imported(t, format, small()).VMs[4].Demand[:2]; !slices.Equal(got, want) {
			t.Errorf("%s: instance of c demands %v, want %v", format, got, want)
		}
	}
}

func TestBrokenRulesAreCountedInTheDescription(t *testing.T) {
	tables := with(small(), "instance_deploy.csv", "i1,a,m1\ni2,b,m1\ni3,b,m2\ni4,a,m2\ni5,a,m2\ni6,b,m2\n")
	for format, want := range map[string]string{
		"alibaba2018":          "each demand is the peak of its day; the given placement breaks capacity 2 times and interference 2 times",
		"alibaba2018(slot=96)": "demands of time slot 96; the given placement breaks interference 2 times",
		"alibaba2018(slot=10)": "demands of time slot 10; the given placement breaks interference 2 times",
	} {
		if got := imported(t, format, tables).Description; !strings.HasSuffix(got, "; "+want) {
			t.Errorf("%s: got %q, want %q", format, got, want)
		}
	}
	if got := imported(t, "alibaba2018(slot=96)", small()).Description; !strings.HasSuffix(got, "; the given placement breaks no rule") {
		t.Errorf("a sane placement: got %q", got)
	}
}

func TestUnplacedInstancesAreKeptOrDropped(t *testing.T) {
	kept, dropped := imported(t, "alibaba2018", small()), imported(t, "alibaba2018(unplaced=drop)", small())
	if _, ok := kept.VM("i6"); !ok || len(kept.VMs) != 7 {
		t.Errorf("kept: %d VMs, i6 among them: %t", len(kept.VMs), ok)
	}
	if _, ok := dropped.VM("i6"); ok || len(dropped.VMs) != 6 || slices.Contains(dropped.Initial, cloud.Absent) {
		t.Errorf("dropped: %d VMs, i6 among them: %t, placement %v", len(dropped.VMs), ok, dropped.Initial)
	}
	if v, _ := dropped.VM("i7"); dropped.Initial[v] != 2 {
		t.Error("what comes after a dropped instance changed its place")
	}
	if diff := cmp.Diff(kept.Rules, dropped.Rules); diff != "" {
		t.Errorf("dropping instances changes the rules:\n%s", diff)
	}
}

// The smallest set that can be taken off is known: i1 or i2, of which i1 needs more, and
// one of the two instances of a on m2, and one of the two of b there.
func TestUnplacingTakesOffWhatBreaksRulesAndNoMore(t *testing.T) {
	tables := with(small(), "instance_deploy.csv", "i1,a,m1\ni2,b,m1\ni3,b,m2\ni4,a,m2\ni5,a,m2\ni6,b,m2\ni7,c,m3\n")
	in := imported(t, "alibaba2018(broken=unplace)", tables)
	if f := findings(t, in); len(f) > 0 {
		t.Errorf("the placement is not sane: %v", f)
	}
	if want := (cloud.Placement{cloud.Absent, 0, 1, cloud.Absent, cloud.Absent, 1, 2}); !in.Initial.Equal(want) {
		t.Errorf("initial %v, want %v", in.Initial, want)
	}
	if want := "; 3 of the instances that broke them were taken off"; !strings.HasSuffix(in.Description, want) {
		t.Errorf("the description %q does not tell", in.Description)
	}
	if in := imported(t, "alibaba2018(broken=unplace, unplaced=drop)", tables); len(in.VMs) != 4 || len(findings(t, in)) > 0 {
		t.Errorf("with unplaced=drop %d VMs remain", len(in.VMs))
	}
	sane := imported(t, "alibaba2018(broken=unplace, slot=96)", small())
	if diff := cmp.Diff(imported(t, "alibaba2018(slot=96)", small()).Initial, sane.Initial); diff != "" {
		t.Errorf("a sane placement is changed:\n%s", diff)
	}
}

func TestShareOfCPUIsACapacityRule(t *testing.T) {
	if got := imported(t, "alibaba2018(cpu-share=1/2)", small()).Rules[0].String(); got != "capacity(overcommit.cpu=0.5)" {
		t.Errorf("got %s", got)
	}
}

func TestSlotsThatAreNoneAreRefused(t *testing.T) {
	for _, slot := range []string{"98", "-1", "noon", "1.5"} {
		_, _, err := spec.Build[formats.Importer](gentest.Catalogue().With(formats.Importers(Importer())), formats.ImporterKind, spec.Named("alibaba2018").With("slot", slot))
		if want := "expected peak or the number of a time slot from 0 to 97, found"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("slot %s: got %v", slot, err)
		}
	}
}

// The counts are those of the files. At one time of the day nothing is broken: the sums
// of peaks break capacity.
func TestRealArchiveIsReadWithItsCounts(t *testing.T) {
	file := filepath.Join(realdata.Dir(t, "alibaba2018"), "preliminary_dataB_20180726.zip")
	archive, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	decode := func(format string) *cloud.Instance {
		in, err := built(t, format).decode(file, archive)
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	placed := func(in *cloud.Instance) int {
		return len(in.VMs) - len(slices.DeleteFunc(in.Initial.Clone(), func(h cloud.HostID) bool { return h != cloud.Absent }))
	}
	in := decode("alibaba2018")
	if h, v, r, p := len(in.Hosts), len(in.VMs), len(in.Rules), placed(in); h != 6000 || v != 68224 || r != 1+33416 || p != 61254 {
		t.Errorf("got %d machines, %d instances, %d placed, %d rules", h, v, p, r)
	}
	if want := "; the given placement breaks capacity 1,694 times"; !strings.HasSuffix(in.Description, want) {
		t.Errorf("got %q, want %q", in.Description, want)
	}
	if in := decode("alibaba2018(slot=40)"); !strings.HasSuffix(in.Description, "; the given placement breaks no rule") {
		t.Errorf("at one time: got %q", in.Description)
	}
	if in := decode("alibaba2018(broken=unplace)"); placed(in) < 59_000 || len(findings(t, in)) > 0 {
		t.Errorf("of 61,254 instances %d remain, and %d rules are broken", placed(in), len(findings(t, in)))
	}
}
