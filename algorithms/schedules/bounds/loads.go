package bounds

import (
	"math"
	"math/bits"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
)

// loads is the work that moves do on limits: time × amount. Limit by limit, amounts are divided by what divides them all, and rounded in
// favour of the schedule where times × capacity would not fit in 64 bits.
type loads struct {
	capacity []int64   // by limit
	first    []int32   // by move: position of its first use in work
	work     []int64   // by use
	users    [][]int32 // by limit: the moves that use it
	idle     []bool    // by limit: all its users fit in it at once
	ends     instants
}

func newLoads(p *timetable.Problem) *loads {
	l := &loads{
		capacity: make([]int64, len(p.Limits)), first: make([]int32, len(p.Moves)+1), idle: make([]bool, len(p.Limits)),
		ends: newInstants(p),
	}
	l.users = usersOf(p)
	divisor, shift := make([]int64, len(p.Limits)), make([]uint, len(p.Limits))
	span := uint64(p.Total()) + 1
	for i := range p.Limits {
		divisor[i] = p.Limits[i].Capacity
		total := uint64(0)
		for _, m := range l.users[i] {
			full := useOf(&p.Moves[m], int32(i)).Full
			divisor[i] = gcd(divisor[i], full)
			total = min(total+uint64(full), math.MaxInt64)
		}
		divisor[i] = max(divisor[i], 1)
		l.idle[i] = total <= uint64(p.Limits[i].Capacity)
		l.capacity[i] = p.Limits[i].Capacity / divisor[i]
		for !fits(uint64(l.capacity[i]), span) {
			shift[i]++
			l.capacity[i] = (l.capacity[i] + 1) / 2
		}
	}
	own := int32(len(p.Model.Limits())) // those that follow are no business of the model, and moves take them in full
	for m := range p.Moves {
		move, paced := &p.Moves[m], share(p, int32(m))
		for _, u := range move.Uses {
			time := move.Time
			if u.Limit < own {
				time = paced
			}
			amount := min((u.Full/divisor[u.Limit])>>shift[u.Limit], l.capacity[u.Limit])
			l.work = append(l.work, amount*time)
		}
		l.first[m+1] = int32(len(l.work))
	}
	return l
}

// of is the work of a move on a limit; 0 where it does not use it.
func (l *loads) of(p *timetable.Problem, m, limit int32) int64 {
	for i, u := range p.Moves[m].Uses {
		if u.Limit == limit {
			return l.work[int(l.first[m])+i]
		}
	}
	return 0
}

// usersOf lists the moves that use each limit.
func usersOf(p *timetable.Problem) [][]int32 {
	count := make([]int32, len(p.Limits))
	total := 0
	for m := range p.Moves {
		for _, u := range p.Moves[m].Uses {
			count[u.Limit]++
			total++
		}
	}
	room, out := make([]int32, total), make([][]int32, len(p.Limits))
	for i, n := range count {
		out[i], room = room[:0:n], room[n:]
	}
	for m := range p.Moves {
		for _, u := range p.Moves[m].Uses {
			out[u.Limit] = append(out[u.Limit], int32(m))
		}
	}
	return out
}

// useOf is what a move takes of a limit that it uses.
func useOf(m *timetable.Move, limit int32) concurrency.Use {
	for _, u := range m.Uses {
		if u.Limit == limit {
			return u
		}
	}
	return concurrency.Use{Limit: limit}
}

// fits tells whether four times the product can be computed.
func fits(a, b uint64) bool {
	hi, lo := bits.Mul64(a, b)
	return hi == 0 && lo < 1<<61
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// up is a / b, rounded up. It rounds no sum that could overflow.
func up(a, b int64) int64 {
	q := a / b
	if a%b > 0 {
		q++
	}
	return q
}
