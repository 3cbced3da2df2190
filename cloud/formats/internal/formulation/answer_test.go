package formulation_test

import (
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
)

// three is an instance of three VMs and twelve hosts.
func three() *cloud.Instance {
	return &cloud.Instance{VMs: []cloud.VM{{Name: "a"}, {Name: "b"}, {Name: "c"}}, Hosts: make([]cloud.Host, 12)}
}

// What each solver writes must be read as it is meant.
func TestSolversWriteSolutionsInTheirWays(t *testing.T) {
	for name, text := range map[string]string{
		"glpsol": `Problem:
Status:     INTEGER OPTIMAL
Objective:  obj = 3 (MINimum)

   No.   Row name        Activity     Lower bound   Upper bound
------ ------------    ------------- ------------- -------------
     1 v0                          1             1             = 

   No. Column name       Activity     Lower bound   Upper bound
------ ------------    ------------- ------------- -------------
     1 x0_1         *              1             0             1 
     2 x0_2         *              0             0             1 
     3 x2_11        *
                                   1             0             1 
     4 y1           *              1             0             1 

Integer feasibility conditions:

KKT.PE: max.abs.err = 0.00e+00 on row 0
`,
		"cbc": `Optimal - objective value 3.00000000
      1 x0_1                    1                       1
      7 x2_11          0.99999999                       1
      9 y1                      1                       1
`,
		"HiGHS": `Model status
Optimal

# Primal solution values
Feasible
Objective 3
# Columns 4
x0_1 1
x0_2 -0
x2_11 1
y1 1
# Rows 1
v0 1

# Dual solution values
None
`,
		"SCIP": `solution status: optimal solution found
objective value:                                    3
x0_1                                                1 	(obj:1)
x2_11                              0.9999999999999998 	(obj:2)
`,
		"MiniZinc": `x0_3 1
x1_3 1
objective = 2, cost = 7
----------
x0_1 1
x2_11 1
objective = 1, cost = 2
----------
==========
`,
	} {
		p, err := formulation.ReadTarget(three(), "answer", []byte(text))
		if want := (cloud.Placement{1, cloud.Absent, 11}); err != nil || !p.Equal(want) {
			t.Errorf("%s: got %v, %v; want %v", name, p, err, want)
		}
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", `answer: expected lines such as "x0_1 1" (VM 0 stands on host 1), found none: the solver gives no placement`},
		{"x0_1 0\n", `answer: expected lines such as "x0_1 1" (VM 0 stands on host 1), found none: the solver gives no placement`},
		{"y1 1\nx0_1\n", "answer:2: expected a value for x0_1, found the end of the file"},
		{"x0_1 0.5\n", `answer:1: expected 0 or 1 for x0_1, found "0.5"`},
		{"x0_1 x0_2\n", `answer:1: expected 0 or 1 for x0_1, found "x0_2"`},
		{"x0_1 NaN\n", `answer:1: expected 0 or 1 for x0_1, found "NaN"`},
		{"x0_1 1\nx0_2 1\n", `answer:2: VM 0, "a", stands on host 1 and on host 2`},
		{"x3_1 1\n", "answer:1: unknown variable x3_1: the instance has 3 VMs and 12 hosts, counted from 0"},
		{"x99999999999999999999_1 1\n", "answer:1: unknown variable x99999999999999999999_1: the instance has 3 VMs and 12 hosts, counted from 0"},
		{"Infeasible - objective value 0.00\n** 0 x0_1 1 1\n", "answer:1: the solver says that there is no target: Infeasible - objective value 0.00"},
		{"\nStatus:     INTEGER EMPTY\n", "answer:2: the solver says that there is no target: Status:     INTEGER EMPTY"},
		{"=====UNSATISFIABLE=====\n", "answer:1: the solver says that there is no target: =====UNSATISFIABLE====="},
	} {
		if _, err := formulation.ReadTarget(three(), "answer", []byte(c.text)); err == nil || err.Error() != c.want {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func FuzzReadTarget(f *testing.F) {
	f.Add([]byte("x0_1 1\nx2_11 * 1\n----------\nx0_3 0.9999\n"))
	f.Add([]byte("Infeasible\nx0_1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := three()
		p, err := formulation.ReadTarget(in, "answer", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "answer:") {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		for v, h := range p {
			if h < cloud.Absent || int(h) >= len(in.Hosts) || len(p) != len(in.VMs) {
				t.Errorf("VM %d stands on host %d of %d", v, h, len(in.Hosts))
			}
		}
	})
}
