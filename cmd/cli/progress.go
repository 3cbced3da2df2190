package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// progress shows how far a suite has come: a bar on a terminal, a line now and then
// elsewhere.
type progress struct {
	w     io.Writer
	name  string
	bar   *progressbar.ProgressBar
	total int
	done  int
	began time.Time
	next  time.Time
}

// lineEvery is how often a line is written where no bar can be drawn.
const lineEvery = 10 * time.Second

func newProgress(w io.Writer, name string, total int) *progress {
	p := &progress{w: w, name: name, total: total, began: time.Now()}
	p.next = p.began.Add(lineEvery)
	if total > 0 && isTerminal(w) {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(fileOf(w)),
			progressbar.OptionSetDescription(abridged(prose.Clean(name), 30)),
			progressbar.OptionSetWidth(24),
			progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

func (p *progress) add() {
	p.done++
	if p.bar != nil {
		_ = p.bar.Add(1) // a bar that cannot be drawn is no reason to stop
		return
	}
	if now := time.Now(); now.After(p.next) {
		p.next = now.Add(lineEvery)
		fmt.Fprintf(p.w, "%s: %d of %d runs, %s\n", p.name, p.done, p.total, prose.Duration(now.Sub(p.began).Round(time.Second)))
	}
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Exit()
		fmt.Fprintln(p.w)
	}
	if p.total > 0 {
		fmt.Fprintf(p.w, "%s: %s in %s\n", p.name, prose.Count(p.done, "run"), prose.Duration(time.Since(p.began)))
	}
}

// abridged keeps the bar, which is about 45 columns wide beside its name, in one line.
func abridged(name string, most int) string {
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return name
}
