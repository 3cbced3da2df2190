package cloud_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cloudrearrange/rearrange/cloud"
)

// seeds adds a document and single faults of it.
func seeds(f *testing.F, text string, bad []badInput) {
	f.Add([]byte(text))
	for _, c := range bad {
		f.Add([]byte(edit(f, text, c.old, c.by)))
	}
	f.Add([]byte(strings.Join(strings.Fields(text), "")))
	f.Add([]byte(text + text))
	f.Add([]byte("{}"))
	f.Add([]byte("null"))
	f.Add([]byte(""))
}

// placedErrors holds that errors can be shown.
func placedErrors(t *testing.T, err error) {
	for e := range unjoin(err) {
		msg := e.Error()
		if msg == "" || !utf8.ValidString(msg) {
			t.Fatalf("a message that cannot be shown: %q", msg)
		}
		if strings.HasSuffix(msg, "the document cannot be read") {
			t.Fatal("the reader refuses what nothing is wrong with")
		}
	}
}

// What is accepted is written so that it reads as the same instance, with the same
// hash, and fits the schema.
func FuzzDecodeInstance(f *testing.F) {
	text := testdata(f, "instance.json")
	seeds(f, text, badInstances)
	f.Add([]byte(edit(f, text, `"rules":`, withObjective)))
	fits := schemaOf(f, "instance")
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := cloud.DecodeInstance("f", data)
		if err != nil {
			placedErrors(t, err)
			return
		}
		if err := fits(data); err != nil {
			t.Fatalf("the reader accepts what the schema refuses: %v", err)
		}
		if err := cloud.FormOfInstance(data); err != nil {
			t.Fatalf("the reader accepts what the wire types refuse: %v", err)
		}
		if err := in.Check(); err != nil {
			t.Fatalf("the reader accepts what Check refuses: %v", err)
		}
		roundTrip(t, in)
	})
}

func FuzzDecodePlan(f *testing.F) {
	seeds(f, testdata(f, "plan.json"), badPlans)
	f.Add([]byte(pathText(f)))
	in, err := cloud.DecodeInstance("", []byte(testdata(f, "instance.json")))
	if err != nil {
		f.Fatal(err)
	}
	fits := schemaOf(f, "plan")
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := cloud.DecodePlan("f", data, in)
		if err != nil {
			placedErrors(t, err)
			return
		}
		if err := fits(data); err != nil {
			t.Fatalf("the reader accepts what the schema refuses: %v", err)
		}
		if err := cloud.FormOfPlan(data); err != nil {
			t.Fatalf("the reader accepts what the wire types refuse: %v", err)
		}
		roundTripPlan(t, in, p)
	})
}
