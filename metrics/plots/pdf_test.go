package plots

import (
	"bytes"
	"testing"
)

// Two files made within the same second would agree even if they told when.
func TestPDFDoesNotTellWhenItWasMade(t *testing.T) {
	out, err := Render(figure(t, "cactus", scenes()["typical"]), "pdf")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(out, []byte("(D:20000101000000)")); n != 2 {
		t.Errorf("%d of the two dates, of creation and of change, are the fixed one", n)
	}
	if !bytes.HasPrefix(out, []byte("%PDF-")) || len(out) > 200_000 {
		t.Errorf("%d bytes that begin with %q: are fonts embedded whole?", len(out), out[:5])
	}
}
