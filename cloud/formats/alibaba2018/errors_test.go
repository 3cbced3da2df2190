package alibaba2018

import (
	"bytes"
	"strings"
	"testing"
)

func TestFaultsAreNamedWithTheirPlace(t *testing.T) {
	const (
		machines = "machine_resources.csv"
		apps     = "app_resources.csv"
		deploy   = "instance_deploy.csv"
		rules    = "app_interference.csv"
	)
	series := day("1", nil)
	for _, c := range []struct {
		name, table, content string
		want                 string
	}{
		{"too few columns", machines, "m1,4,8,100,2,3\n", "small.zip:machine_resources.csv:1: expected 7 values (machine, cpu, memory, disk, P, M, PM), found 6"},
		{"too many columns", deploy, "\n\ni1,a,m1,x\n", "small.zip:instance_deploy.csv:3: expected 3 values (instance, application, machine), found 4"},
		{"no number", machines, "m1,4,8,lots,2,3,3\n", `small.zip:machine_resources.csv:1: expected the disk (a number of at least 0 with at most 6 decimals), found "lots"`},
		{"negative", machines, "m1,-4,8,1,2,3,3\n", `small.zip:machine_resources.csv:1: expected the cpu (a number of at least 0 with at most 6 decimals), found "-4"`},
		{"too exact", machines, "m1,4,8.0000001,1,2,3,3\n", `small.zip:machine_resources.csv:1: expected the memory (a number of at least 0 with at most 6 decimals), found "8.0000001"`},
		{"too large", machines, "m1,4,9999999999999,1,2,3,3\n", `small.zip:machine_resources.csv:1: expected the memory (a number of at least 0 with at most 6 decimals), found "9999999999999"`},
		{"fraction of an application", machines, "m1,4,8,1,2.5,3,3\n", `small.zip:machine_resources.csv:1: expected the P (an integer from 0 to 2147483647), found "2.5"`},
		{"no name", machines, "m1,4,8,1,2,3,3\r\n,4,8,1,2,3,3\r\n", `small.zip:machine_resources.csv:2: expected the name of the machine, found nothing`},
		{"machine twice", machines, "m1,4,8,1,2,3,3\nm2,4,8,1,2,3,3\nm1,4,8,1,2,3,3\n", `small.zip:machine_resources.csv:3: machine "m1" is already defined in line 1`},
		{"series too short", apps, "a,1|2," + series + ",1,0,0,0\n", `small.zip:app_resources.csv:1: expected 98 values of cpu joined by |, found 2`},
		{"no number in a series", apps, "a," + series + "," + day("1", map[int]string{50: ""}) + ",1,0,0,0\n", `small.zip:app_resources.csv:1: expected the memory (a number of at least 0 with at most 6 decimals), found ""`},
		{"unknown application", deploy, "i1,ab,m1\n", `small.zip:instance_deploy.csv:1: unknown application "ab", did you mean "a"?`},
		{"unknown machine", deploy, "i1,a,m1\ni2,a,machine-9\n", `small.zip:instance_deploy.csv:2: unknown machine "machine-9"; known are m1, m2, m3`},
		{"unknown partner", rules, "a,b,1\na,?,1\n", `small.zip:app_interference.csv:2: unknown application "?", did you mean "a"?`},
		{"negative number of instances", rules, "a,b,-1", `small.zip:app_interference.csv:1: expected the number of instances (an integer from 0 to 2147483646), found "-1"`},
		{"no text", rules, "a,\xff,1", `small.zip:app_interference.csv:1: expected valid UTF-8`},
		{"long line", deploy, strings.Repeat("x", 1000) + ",?????,", `small.zip:instance_deploy.csv:1: unknown application "?????"; known are a, b, c, d`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := importer{slot: -1, cpuShare: "1"}.decode("small.zip", zipped(t, with(small(), c.table, c.content)))
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestMembersAreFoundByTheirNames(t *testing.T) {
	decode := func(tables map[string]string) error {
		_, err := built(t, "alibaba2018").decode("small.zip", zipped(t, tables))
		return err
	}
	renamed := map[string]string{"__MACOSX/._x_machine_resources.csv": "junk", "x_submit_sample.csv": "junk", "app_resources.txt": "junk"}
	for name, content := range small() {
		renamed["../../data/scheduling_"+strings.TrimSuffix(name, ".csv")+"_20180606.csv"] = content
	}
	if err := decode(renamed); err != nil {
		t.Errorf("members in a folder: %v", err)
	}
	lacking := small()
	delete(lacking, "instance_deploy.csv")
	want := "small.zip: expected a member with instance_deploy in its name, such as instance_deploy.csv"
	if err := decode(lacking); err == nil || err.Error() != want {
		t.Errorf("a member is missing: got %v, want %s", err, want)
	}
	want = "small.zip: expected one member with app_resources in its name, found app_resources.csv and b/app_resources.csv"
	if err := decode(with(small(), "b/app_resources.csv", "")); err == nil || err.Error() != want {
		t.Errorf("two members: got %v, want %s", err, want)
	}
}

func TestArchivesThatAreNoneAreRefused(t *testing.T) {
	good := zipped(t, small())
	damaged := bytes.Clone(good)
	damaged[60] ^= 0xff // within the first member's compressed data
	for name, archive := range map[string][]byte{
		"nothing": nil, "text": []byte("m1,4,8\n"), "cut short": good[:len(good)/2], "damaged": damaged,
	} {
		if _, err := built(t, "alibaba2018").decode("small.zip", archive); err == nil || !strings.HasPrefix(err.Error(), "small.zip:") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// 64 MiB of blank lines take some 64 KiB in an archive.
func TestMembersThatUnpackToTooMuchAreRefused(t *testing.T) {
	bomb := zipped(t, with(small(), "machine_resources.csv", strings.Repeat("\n", maxTableBytes+1)))
	if len(bomb) > 1<<20 {
		t.Fatalf("the archive has %d bytes", len(bomb))
	}
	_, err := built(t, "alibaba2018").decode("bomb.zip", bomb)
	if want := "bomb.zip:machine_resources.csv: larger than 64 MiB when unpacked"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestSumsThatOverflowAreRefused(t *testing.T) {
	row := ",9000000000000,1,1,1,1,1\n"
	_, err := built(t, "alibaba2018").decode("small.zip", zipped(t, with(small(), "machine_resources.csv", "m1"+row+"m2"+row+"m3"+row)))
	if err == nil || !strings.HasPrefix(err.Error(), "small.zip: ") {
		t.Errorf("got %v", err)
	}
}

func TestMissingFilesAreNamed(t *testing.T) {
	if _, err := built(t, "alibaba2018").Import([]string{"missing.zip"}); err == nil || !strings.Contains(err.Error(), "missing.zip") {
		t.Errorf("got %v", err)
	}
}

func TestMillionths(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "1": 1_000_000, "0.000001": 1, "12.345678": 12_345_678, "007.5": 7_500_000,
		"9223372036854.775807": 9_223_372_036_854_775_807,
		"":                     -1, ".": -1, ".5": -1, "1.2.3": -1, "1e3": -1, "+1": -1, "9223372036854.775808": -1, "0.0000000": -1, "1 ": -1,
	} {
		n, ok := millionths([]byte(text))
		if !ok {
			n = -1
		}
		if n != want {
			t.Errorf("%q: got %d, want %d", text, n, want)
		}
	}
}

func FuzzImport(f *testing.F) {
	s := small()
	f.Add(s["machine_resources.csv"], s["app_resources.csv"], s["instance_deploy.csv"], s["app_interference.csv"])
	f.Add("m,1,1,1,1,1,1", "", "", "")
	i := built(f, "alibaba2018(broken=unplace)")
	f.Fuzz(func(t *testing.T, machines, apps, deploy, interference string) {
		judge(t, i, zipped(t, map[string]string{
			"machine_resources.csv": machines, "app_resources.csv": apps,
			"instance_deploy.csv": deploy, "app_interference.csv": interference,
		}))
	})
}

func FuzzArchive(f *testing.F) {
	f.Add(zipped(f, small()))
	i := built(f, "alibaba2018(broken=unplace, unplaced=drop)")
	f.Fuzz(func(t *testing.T, archive []byte) { judge(t, i, archive) })
}

// judge imports an archive and asks of the outcome what holds for all.
func judge(t *testing.T, i importer, archive []byte) {
	in, err := i.decode("x.zip", archive)
	if err != nil {
		if !strings.HasPrefix(err.Error(), "x.zip:") {
			t.Errorf("the error does not name the file: %v", err)
		}
		return
	}
	if err := in.Check(); err != nil {
		t.Errorf("an instance that does not hold what the model demands: %v", err)
	}
	if f := findings(t, in); len(f) > 0 {
		t.Errorf("broken rules remain: %v", f)
	}
	if err := in.Encode(&bytes.Buffer{}); err != nil {
		t.Error(err)
	}
}
