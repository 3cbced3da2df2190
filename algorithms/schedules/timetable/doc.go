// Package timetable holds what all schedulers and bounds share: a plan as moves that compete for limits ([Problem]), and
// a schedule under construction ([Table]), which asks the rules, the model of concurrency and the clock.
//
//	t := p.NewTable()
//	for !t.Done() {
//		for m := range p.Moves {
//			if t.Starts[m] < 0 && t.Refuses(m) == timetable.Free {
//				t.Begin(m)
//			}
//		}
//		t.Advance()
//	}
package timetable
