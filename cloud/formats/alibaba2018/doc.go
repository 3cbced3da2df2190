// Package alibaba2018 reads the data of the Alibaba Global Scheduling Algorithm
// Competition of 2018 (preliminary round): a zip archive of four CSV files.
//
//	machine_resources   id, cpu, memory, disk, P, M, PM
//	app_resources       id, cpu series, memory series, disk, P, M, PM
//	instance_deploy     instance, application, machine (empty where not placed)
//	app_interference    application, application, k
//
// Machines become hosts, instances VMs, and both keep their names. A series gives 98
// amounts joined by `|`, one for each quarter of an hour of a little more than a day.
// An instance here has one demand, so either the peak of each series is taken or the
// amount of one time slot.
//
// The files give amounts with up to six decimals and no units. A machine of "32, 64,
// 1440" has 32 cores, 64 GB of memory and 1,440 GB of disk; amounts are kept exactly,
// as millionths: µcore for cpu, kB for memory and disk. P, M and PM count important
// applications of three kinds. The first resource, which the cost function `ram`
// charges, is memory.
//
//	capacity        capacity, with overcommit.cpu unless all of it may be used
//	interference    interference(group=…, with=…, max=…)
//
// An application that has more than one instance, or a part in an interference, is a
// group with its name.
//
// Left out: the objective of the competition, which ranks placements by the machines
// that they use and by how far cpu exceeds half of the capacity; and, in every time
// slot but the chosen one, the demand.
//
// Problem description and data: Alibaba Global Scheduling Algorithm Competition, 2018,
// https://tianchi.aliyun.com/competition/entrance/231663/introduction
package alibaba2018
