package targets

import (
	"context"
	"math/big"
	"slices"
)

// trade looks for the target with the lowest sum of its objective and, times the weight, its cost: among those of a frontier, and
// around the best of them.
func (r *Request) trade(ctx context.Context, t terms, j job) (Choice, error) {
	f, err := newFrontier(ctx, r, t, j, Sweep{Seed: r.seed(), Cores: 1})
	if err != nil {
		return Choice{}, err
	}
	if r.Search != nil {
		f.asked = r.Search.GoOn
	}
	f.run(f.courses(), 1)
	if err := f.stages(); err != nil {
		return Choice{}, err
	}
	factor, _ := t.weight.Float64()
	for f.round = 1; f.asked != nil && f.asked() || f.asked == nil && f.round < briefTrades; f.round++ {
		tasks := f.refinements()
		tasks = tasks[:min(len(tasks), mostTasks/4)]
		if p := f.worthiest(t.weight); p != nil {
			tasks = append(tasks, task{from: p.Target, move: func(l *leg) {
				l.x.Weigh(factor)
				l.improve(l.effort())
			}})
		}
		if len(tasks) == 0 {
			break
		}
		f.run(tasks, 1)
	}
	for range mostTargets {
		p := f.worthiest(t.weight)
		if p == nil {
			break
		}
		if !t.reachable || p.Status.HasPlan() {
			r.announce(p.Target)
			return p.Choice, nil
		}
		if err := f.walkTo([]*Point{p}, 1); err != nil {
			return Choice{}, err
		}
		f.settle(p)
	}
	return Choice{}, noTarget("the search ended without one")
}

// briefTrades is how many rounds there are without a clock.
const briefTrades = 3

// worthiest is the candidate with the lowest sum; nil if there is none.
func (f *frontier) worthiest(weight *big.Rat) *Point {
	if len(f.front) == 0 {
		return nil
	}
	sum := func(p *Point) *big.Rat {
		cost := new(big.Rat).Mul(weight, new(big.Rat).SetInt64(p.Cost))
		return cost.Add(cost, new(big.Rat).SetInt64(p.Score[0]))
	}
	return slices.MinFunc(f.front, func(p, q *Point) int { return sum(p).Cmp(sum(q)) })
}
