//! The world with a workflow that runs, step by step, as `templates/workflows/registration.yaml` does.

use crate::identity::fakes::World;
use crate::identity::registration::{Next, Registering};
use crate::identity::{Deadline, Ports, ServiceError, Tally, Workflow, WorkflowEnd, WorkflowInput};
use crate::model::{HandlerSettings, Step};

/// See the module.
pub(super) struct Town {
    pub(super) world: World,
    pub(super) settings: HandlerSettings,
    /// How every workflow ends without having done anything.
    pub(super) broken: Option<WorkflowEnd>,
}

impl Workflow for Town {
    async fn run(&self, input: &WorkflowInput) -> Result<WorkflowEnd, ServiceError> {
        if let Some(end) = self.broken {
            return Ok(end);
        }
        let (engine, ports, tally, settings) = (&self.world, &self.world, &Tally::default(), &self.settings);
        let registering = Registering { engine, ports, tally, settings, deadline: Deadline::NEVER };
        let id = &input.registration_id;
        for step in Step::REGISTRATION {
            if input.deferred_from == Some(step) {
                return Ok(WorkflowEnd::Succeeded);
            }
            let wanted = match step {
                Step::Liveness => input.liveness,
                Step::DocumentText => input.document_text,
                _ => true,
            };
            let failed = match wanted.then_some(registering.perform(step, id)) {
                None => continue,
                Some(work) => match work.await {
                    Ok(Next::Continue) => continue,
                    Ok(Next::Conclude) => None,
                    Err(error) => Some((step, error.reason())),
                },
            };
            let concluded = registering.conclude(id, failed).await;
            return Ok(if concluded.is_ok() { WorkflowEnd::Succeeded } else { WorkflowEnd::Failed });
        }
        Ok(WorkflowEnd::Succeeded)
    }
}

impl Ports for Town {
    type Engine = World;
    type Images = World;
    type Records = World;
    type Registrations = World;
    type Users = World;
    type Liveness = World;
    type Routing = World;
    type Queue = World;
    type Workflow = Self;

    fn engine(&self) -> &World {
        &self.world
    }
    fn images(&self) -> &World {
        &self.world
    }
    fn records(&self) -> &World {
        &self.world
    }
    fn registrations(&self) -> &World {
        &self.world
    }
    fn users(&self) -> &World {
        &self.world
    }
    fn liveness(&self) -> &World {
        &self.world
    }
    fn routing(&self) -> &World {
        &self.world
    }
    fn queue(&self) -> &World {
        &self.world
    }
    fn workflow(&self) -> &Self {
        self
    }
}
