package execution_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
)

func TestFormatIsDocumented(t *testing.T) {
	data, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	document := string(data)
	for f := range reflect.TypeFor[execution.Entry]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !strings.Contains(document, "`"+name+"`") && !strings.Contains(document, `"`+name+`":`) {
			t.Errorf("the member %s is not documented", name)
		}
	}
	for _, e := range []execution.Event{
		execution.EventExecution, execution.EventResumed, execution.EventPlan, execution.EventRequest, execution.EventAccepted, execution.EventRefused,
		execution.EventEnded, execution.EventFailed, execution.EventNoEffect, execution.EventAbort, execution.EventGivenUp, execution.EventChanged,
		execution.EventStopped, execution.EventFinished,
	} {
		if !strings.Contains(document, "`"+string(e)+"`") {
			t.Errorf("the event %q is not documented", e)
		}
	}
	_, example, _ := strings.Cut(document, "```json\n")
	example, _, _ = strings.Cut(example, "```")
	if entries, err := execution.ReadEntries("FORMAT.md", strings.NewReader(example)); err != nil || len(entries) < 5 {
		t.Errorf("the example has %d entries: %v", len(entries), err)
	}
}
