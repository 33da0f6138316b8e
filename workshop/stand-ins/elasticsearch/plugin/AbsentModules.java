package lab;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.metadata.IndexNameExpressionResolver;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.settings.ClusterSettings;
import org.elasticsearch.common.settings.IndexScopedSettings;
import org.elasticsearch.common.settings.Setting;
import org.elasticsearch.common.settings.Setting.Property;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.settings.SettingsFilter;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.index.mapper.KeywordFieldMapper;
import org.elasticsearch.index.mapper.Mapper;
import org.elasticsearch.index.mapper.TextFieldMapper;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.MapperPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestController;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;

/**
 * Lets the lab's unchanged settings and index template load in a server without the modules mapper-extras, wildcard, ilm and
 * ingest-geoip: `match_only_text` is `text`, `wildcard` is `keyword`, the geoip setting does nothing, and a lifecycle policy is
 * acknowledged and forgotten. So retention and wildcard search are NOT proven by this stand-in.
 */
public class AbsentModules extends Plugin implements ActionPlugin, MapperPlugin {
  @Override
  public List<Setting<?>> getSettings() {
    return List.of(
        Setting.boolSetting("ingest.geoip.downloader.enabled", false, Property.NodeScope),
        Setting.simpleString("index.lifecycle.name", Property.Dynamic, Property.IndexScope));
  }

  @Override
  public Map<String, Mapper.TypeParser> getMappers() {
    return Map.of("match_only_text", TextFieldMapper.PARSER, "wildcard", KeywordFieldMapper.PARSER);
  }

  @Override
  public Collection<RestHandler> getRestHandlers(
      Settings settings,
      NamedWriteableRegistry registry,
      RestController controller,
      ClusterSettings clusterSettings,
      IndexScopedSettings indexSettings,
      SettingsFilter filter,
      IndexNameExpressionResolver resolver,
      Supplier<DiscoveryNodes> nodes,
      Predicate<NodeFeature> features) {
    return List.of(new ForgetPolicy());
  }

  private static class ForgetPolicy extends BaseRestHandler {
    @Override
    public String getName() {
      return "forget_lifecycle_policy";
    }

    @Override
    public List<Route> routes() {
      return List.of(new Route(RestRequest.Method.PUT, "/_ilm/policy/{name}"));
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
      request.param("name");
      request.content(); // Taken, as the request has to be consumed.
      String answer = "{\"acknowledged\":true}";
      return channel -> channel.sendResponse(new RestResponse(RestStatus.OK, "application/json", answer));
    }
  }
}
