package cloud_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
)

// inPieces is an instance that is read in several pieces.
func inPieces(tb testing.TB) (*cloud.Instance, string) {
	in := bigInstance(5000, 10_000)
	in.Target = nil
	for v := range in.VMs {
		in.Target = append(in.Target, cloud.HostID((v*31+7)%len(in.Hosts)))
	}
	in.VMs[7000].Name = "größer \"als\" \\ sonst"
	if err := in.Check(); err != nil {
		tb.Fatal(err)
	}
	return in, instanceText(tb, in)
}

// atCores runs a test on one core and on several.
func atCores(t *testing.T, test func(t *testing.T)) {
	for _, n := range []int{1, 4} {
		t.Run(fmt.Sprint(n, " cores"), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
			test(t)
		})
	}
}

func TestPiecesDoNotFitTogether(t *testing.T) {
	in, _ := inPieces(t)
	p := &cloud.Plan{Status: cloud.Feasible}
	for v := range in.VMs {
		p.Steps = append(p.Steps, cloud.Step{Action: cloud.Migrate, VM: cloud.VMID(v), From: in.Initial[v], To: in.Target[v], Cost: int64(v)})
	}
	atCores(t, func(t *testing.T) {
		roundTrip(t, in)
		roundTripPlan(t, in, p)
	})
}

// Faults are told in the order of the document and counted, whichever piece they are in.
func TestFaultsOfPiecesAreLost(t *testing.T) {
	_, text := inPieces(t)
	first := func(err error) string {
		if err == nil {
			return "accepted"
		}
		line, _, _ := strings.Cut(err.Error(), "\n")
		return line
	}
	atCores(t, func(t *testing.T) {
		_, err := cloud.DecodeInstance("", []byte(strings.ReplaceAll(text, `"vcpu":2`, `"vcpus":2`)))
		const want = `5011:38: /vms/1/demand/vcpus: unknown resource "vcpus", did you mean "vcpu"?`
		if got := err.Error(); first(err) != want || !strings.HasSuffix(got, "\nand 3313 more faults") {
			t.Errorf("found %s … %s", first(err), got[len(got)-100:])
		}
	})
	for _, c := range []struct{ old, by, want string }{
		{`{"name":"vm9000",`, `{"name":"vm3",`, `14010:4: /vms/9000/name: VM "vm3" is already defined at /vms/3`},
		{`{"name":"host4500",`, `{"name":"host3",`, `4509:4: /hosts/4500/name: host "host3" is already defined at /hosts/3`},
		{`{"name":"vm9000",`, `{"name":"vm9000","name":"x",`, `14010:20: /vms/9000/name: field "name" is given twice`},
		{`{"name":"vm9000",`, `{"nome":"vm9000",`, `14010:4: /vms/9000/nome: unknown field "nome"`},
		{`{"name":"vm9000",`, `{"name":"vm9000"`, `14010:19: /vms/9000: invalid JSON: unexpected '"' after object value (expecting ',' or '}')`},
		{`{"name":"vm4096",`, `,{"name":"vm4096",`, `9106:3: /vms/4096: invalid JSON: unexpected ',' at start of value`},
	} {
		_, err := cloud.DecodeInstance("", []byte(edit(t, text, c.old, c.by)))
		if got := first(err); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s:\nexpected %s\nfound    %s", c.by, c.want, got)
		}
	}
}

func BenchmarkDecodePlan(b *testing.B) {
	in, _ := inPieces(b)
	p := &cloud.Plan{Status: cloud.Feasible}
	for v := range in.VMs {
		p.Steps = append(p.Steps, cloud.Step{Action: cloud.Migrate, VM: cloud.VMID(v), From: in.Initial[v], To: in.Target[v]})
	}
	var doc bytes.Buffer
	if err := p.Encode(&doc, in); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(doc.Len()))
	for b.Loop() {
		if _, err := cloud.DecodePlan("", doc.Bytes(), in); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(p.Steps))*float64(b.N)/b.Elapsed().Seconds(), "steps/s")
}
